//! Times and dates. The API writes `2018-01-02T03:04:05` and means UTC; a fraction, a `Z` and an offset
//! are read as well.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{DateTime, Value};
use crate::fault::Fault;
use crate::reader::Reader;
use crate::writer::Writer;

impl Value for DateTime {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.parsed("a date and time", parse_time)?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.text(&self.format("%Y-%m-%dT%H:%M:%S%.f").to_string());
    }

    fn blank(&self) -> bool {
        *self == DateTime::UNIX_EPOCH
    }

    fn empty() -> Self {
        DateTime::UNIX_EPOCH
    }
}

impl Value for NaiveDate {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.parsed("a date", parse_date)?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.text(&self.format("%Y-%m-%d").to_string());
    }

    fn blank(&self) -> bool {
        *self == NaiveDate::empty()
    }

    fn empty() -> Self {
        DateTime::UNIX_EPOCH.date_naive()
    }
}

fn parse_time(text: &str) -> Option<DateTime> {
    if let Some(time) = plain_time(text) {
        return Some(time.and_utc());
    }
    if let Ok(time) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
    time.ok().map(|time| time.and_utc())
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// `2018-01-02T03:04:05` and nothing else: nearly every time that the API sends, without the cost of
/// a parser of formats.
fn plain_time(text: &str) -> Option<NaiveDateTime> {
    let bytes: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let separators = [bytes[4], bytes[7], bytes[10], bytes[13], bytes[16]];
    if &separators != b"--T::" {
        return None;
    }
    let part = |from: usize, to: usize| digits(&bytes[from..to]);
    let date = NaiveDate::from_ymd_opt(part(0, 4)?.cast_signed(), part(5, 7)?, part(8, 10)?)?;
    let time = NaiveTime::from_hms_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?)?;
    Some(date.and_time(time))
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read, text_of};

    fn written(text: &str) -> Option<String> {
        let quoted = format!("{text:?}");
        let time: DateTime = read(quoted.as_bytes()).ok()?;
        Some(text_of(&time))
    }

    #[test]
    fn every_spelling_of_a_time_is_utc() {
        let table = [
            ("2018-01-02T03:04:05", "2018-01-02T03:04:05"),
            ("2018-01-02T03:04:05Z", "2018-01-02T03:04:05"),
            ("2018-01-02T03:04:05.123Z", "2018-01-02T03:04:05.123"),
            ("2018-01-02T03:04:05.123456", "2018-01-02T03:04:05.123456"),
            ("2018-01-02T03:04:05+02:00", "2018-01-02T01:04:05"),
            ("2018-01-02T03:04:05.5-00:30", "2018-01-02T03:34:05.500"),
        ];
        for (text, expected) in table {
            assert_eq!(
                written(text).as_deref(),
                Some(format!("{expected:?}").as_str()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "soon",
            "2018-13-02T03:04:05",
            "2018-01-02",
            "2018-01-02T03:04:5é",
            "2018-01-02T25:04:05",
        ] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_read_and_written() {
        let date: NaiveDate = read(br#""2018-02-28""#).expect("a date");
        assert_eq!(text_of(&date), r#""2018-02-28""#);
        for text in ["\"\"", "\"2018-02-30\"", "\"2018-02-28T00:00:00\"", "5"] {
            assert!(read::<NaiveDate>(text.as_bytes()).is_err(), "{text}");
        }
    }
}

//! Image upload: sends a gzipped disk image from a file, shows how far it is, and waits until the image can be used.
//!
//! ```console
//! $ LINODE_TOKEN=… cargo run -p linode-examples --bin upload_image -- disk.img.gz
//! ```

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use linode_sdk::images::UploadImage;
use linode_sdk::types::ImageStatus;
use linode_sdk::{Client, Content};

const STYLE: &str = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).map(PathBuf::from);
    let path = path.ok_or("usage: upload_image FILE, a disk image in gzip")?;
    let client = Client::from_env()?;

    // The API makes an image that waits for its content, and says where that goes.
    let image = UploadImage::new().region("us-east").label("uploaded");
    let upload = client.images().upload_image(image).await?;

    // The file is read as it is sent: it may be larger than the memory.
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(STYLE)?);
    let shown = bar.clone();
    let sending = client.upload(upload.upload_to.expose(), Content::file(&path));
    sending
        .on_progress(move |sent, of| {
            shown.set_length(of.unwrap_or(sent));
            shown.set_position(sent);
        })
        .await?;
    bar.finish_and_clear();
    println!("sent {} of {}", HumanBytes(bar.position()), path.display());

    let image = client
        .images()
        .get_image(&upload.image.id)
        .poll_until(|image| image.status == ImageStatus::Available)
        .interval(Duration::from_secs(2))
        .await?;
    println!("{} is available", image.id);
    Ok(())
}

//! What was deleted is gone: the little that the kit remembers of what it was asked to do.

use std::collections::HashSet;

/// The addresses of what was deleted, without their version.
#[derive(Debug, Default)]
pub(crate) struct Gone(HashSet<String>);

impl Gone {
    /// Whether what is at an address was deleted, or what holds it.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        above.chain([path]).any(|path| self.0.contains(path))
    }

    /// What is there is deleted.
    pub(crate) fn delete(&mut self, path: &str) {
        self.0.insert(path.to_owned());
    }

    /// Something new is there, or in it: whatever its id is, it is not gone. In what was deleted itself nothing is created.
    pub(crate) fn create(&mut self, path: &str) {
        let inside = |gone: &str| {
            gone.strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.0.retain(|gone| !inside(gone));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deleted_is_gone_until_something_is_created() {
        let mut gone = Gone::default();
        gone.delete("/linode/instances/7");
        assert!(gone.holds("/linode/instances/7") && gone.holds("/linode/instances/7/disks"));
        assert!(!gone.holds("/linode/instances/70") && !gone.holds("/linode/instances"));
        gone.create("/linode/instances/7/disks");
        assert!(gone.holds("/linode/instances/7"));
        gone.create("/linode/instances");
        assert!(!gone.holds("/linode/instances/7"));
        gone.delete("/profile/phone-number");
        gone.create("/profile/phone-number");
        assert!(!gone.holds("/profile/phone-number"));
    }
}

//! The way down a template while it is walked: a [`Path`] that costs nothing until it is kept.

use super::Path;

/// A step down: a key, or a position in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A key, or the name of a function.
    Key(&'a str),
    /// A position, from 0.
    Index(usize),
}

/// Where a walk stands. Each step points at the one above it, on the stack of the walk.
#[derive(Clone, Copy, Debug)]
pub struct Trail<'a> {
    above: Option<&'a Trail<'a>>,
    step: Step<'a>,
}

impl<'a> Trail<'a> {
    /// The trail that begins with this section.
    pub fn top(section: &'a str) -> Trail<'a> {
        Trail {
            above: None,
            step: Step::Key(section),
        }
    }

    /// This trail and one more step.
    #[must_use]
    pub fn down<'b>(&'b self, step: Step<'b>) -> Trail<'b> {
        Trail {
            above: Some(self),
            step,
        }
    }

    /// This trail and one more key.
    #[must_use]
    pub fn key<'b>(&'b self, key: &'b str) -> Trail<'b> {
        self.down(Step::Key(key))
    }

    /// The section of the template.
    pub fn section(&self) -> &'a str {
        match (self.above, self.step) {
            (Some(above), _) => above.section(),
            (None, Step::Key(section)) => section,
            (None, Step::Index(_)) => "",
        }
    }

    /// The logical id, where the trail leads into a resource.
    pub fn logical_id(&self) -> Option<&'a str> {
        match self.above {
            Some(Trail { above: None, step }) if *step == Step::Key("Resources") => self.name(),
            Some(above) => above.logical_id(),
            None => None,
        }
    }

    /// The last step, where it is a key.
    pub fn name(&self) -> Option<&'a str> {
        match self.step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }

    /// The path, to be kept.
    pub fn path(&self) -> Path {
        Path::of(self.segments(0))
    }

    /// The segments so far, with room for as many more.
    fn segments(&self, more: usize) -> Vec<String> {
        let mut segments = match self.above {
            Some(above) => above.segments(more + 1),
            None => Vec::with_capacity(more + 1),
        };
        segments.push(match self.step {
            Step::Key(key) => key.to_owned(),
            Step::Index(index) => index.to_string(),
        });
        segments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_becomes_its_path() {
        let top = Trail::top("Resources");
        let resource = top.key("Bucket");
        let item = resource.down(Step::Index(10));
        assert_eq!(item.path(), Path::of(["Resources", "Bucket", "10"]));
        assert_eq!(item.section(), "Resources");
        assert_eq!(item.logical_id(), Some("Bucket"));
        assert_eq!(top.logical_id(), None);
        assert_eq!(Trail::top("Outputs").key("Bucket").logical_id(), None);
        assert_eq!((item.name(), resource.name()), (None, Some("Bucket")));
        assert_eq!(top.path(), Path::of(["Resources"]));
    }
}

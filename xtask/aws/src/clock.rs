//! A clock that is faster than that on the wall, so that what takes minutes at AWS's pace can be looked
//! at in seconds: every pause of the SDK, the rate at which it lets itself call, and the publisher's own.

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use std::time::{Duration, SystemTime};

/// A clock on which time goes faster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    began: SystemTime,
    speed: u32,
}

impl Clock {
    /// A clock that shows the hour of now, and goes on so many times faster.
    pub fn new(speed: u32) -> Clock {
        Clock {
            began: SystemTime::now(),
            speed: speed.max(1),
        }
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        // A clock on the wall that was set back meanwhile shows nothing earlier here.
        let since = self.began.elapsed().unwrap_or_default();
        self.began + since * self.speed
    }
}

impl AsyncSleep for Clock {
    fn sleep(&self, duration: Duration) -> Sleep {
        Sleep::new(tokio::time::sleep(duration / self.speed))
    }
}

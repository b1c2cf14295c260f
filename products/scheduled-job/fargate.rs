//! Which memory goes with which CPU on Fargate.
//!
//! <https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html>

/// The memory, in MiB, that Fargate takes with one number of vCPUs.
struct Tasks {
    vcpu: &'static str,
    smallest: &'static [u32],
    /// From the last of `smallest` to `most` in steps of `step`.
    step: u32,
    most: u32,
}

const TABLE: [Tasks; 7] = [
    tasks("0.25", &[512, 1024], 1024, 2048),
    tasks("0.5", &[1024], 1024, 4096),
    tasks("1", &[2048], 1024, 8192),
    tasks("2", &[4096], 1024, 16_384),
    tasks("4", &[8192], 1024, 30_720),
    tasks("8", &[16_384], 4096, 61_440),
    tasks("16", &[32_768], 8192, 122_880),
];

const fn tasks(vcpu: &'static str, smallest: &'static [u32], step: u32, most: u32) -> Tasks {
    Tasks {
        vcpu,
        smallest,
        step,
        most,
    }
}

impl Tasks {
    fn memory(&self) -> Vec<u32> {
        let mut sizes = self.smallest.to_vec();
        let from = self.smallest.last().copied().unwrap_or(self.step);
        let mut next = from.saturating_add(self.step);
        while next <= self.most {
            sizes.push(next);
            next = next.saturating_add(self.step);
        }
        sizes
    }
}

/// The numbers of vCPUs that Fargate has.
pub fn vcpus() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|tasks| tasks.vcpu)
}

/// The memory sizes in MiB, smallest first, that go with this number of vCPUs; none where Fargate
/// doesn't have it.
pub fn memory(vcpu: &str) -> Option<Vec<u32>> {
    TABLE
        .iter()
        .find(|tasks| tasks.vcpu == vcpu)
        .map(Tasks::memory)
}

/// Whether a task of this number of vCPUs starts where so many may run at a time. A number that
/// Fargate doesn't have is another fault.
pub fn fits(vcpu: &str, most: u32) -> bool {
    vcpu.parse::<f64>()
        .map_or(true, |vcpu| vcpu <= f64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_by_vcpu() {
        assert_eq!(memory("0.25"), Some(vec![512, 1024, 2048]));
        assert_eq!(memory("0.5"), Some(vec![1024, 2048, 3072, 4096]));
        assert_eq!(memory("16").unwrap().last(), Some(&122_880));
        assert_eq!(memory("16").unwrap().len(), 12);
        assert_eq!(memory("3"), None);
    }
}

//! `volume`: a volume's type, size and speed go together.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "volume",
    severity: Severity::Error,
    what: "A volume's type, size and speed go together.",
    why: "EC2 refuses the volume.",
    fix: "see the volume types for what each takes",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html",
    check: Check::Template(check),
};

/// What a type takes: its name, sizes in GiB, operations a second, most of them for a GiB.
struct Kind {
    name: &'static str,
    sizes: (f64, f64),
    iops: Option<(f64, f64)>,
    ratio: f64,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "gp2",
        sizes: (1.0, 16_384.0),
        iops: None,
        ratio: 0.0,
    },
    Kind {
        name: "gp3",
        sizes: (1.0, 65_536.0),
        iops: Some((3_000.0, 80_000.0)),
        ratio: 500.0,
    },
    Kind {
        name: "io1",
        sizes: (4.0, 16_384.0),
        iops: Some((100.0, 64_000.0)),
        ratio: 50.0,
    },
    Kind {
        name: "io2",
        sizes: (4.0, 65_536.0),
        iops: Some((100.0, 256_000.0)),
        ratio: 1_000.0,
    },
    Kind {
        name: "st1",
        sizes: (125.0, 16_384.0),
        iops: None,
        ratio: 0.0,
    },
    Kind {
        name: "sc1",
        sizes: (125.0, 16_384.0),
        iops: None,
        ratio: 0.0,
    },
    Kind {
        name: "standard",
        sizes: (1.0, 1_024.0),
        iops: None,
        ratio: 0.0,
    },
];
/// No type has more.
const MOST_GIB: f64 = 65_536.0;
/// gp3 has these without regard to its size.
const GP3_IOPS: f64 = 3_000.0;

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::Instance") {
        let devices = view.get(&["BlockDeviceMappings"]).and_then(Node::as_list);
        for (index, device) in devices.into_iter().flatten().enumerate() {
            if let Some(ebs) = device.get("Ebs") {
                let at = view.path(&["BlockDeviceMappings", &index.to_string(), "Ebs"]);
                look(&|name| ebs.get(name), "VolumeSize", &at, report);
                // The first device is the image's own volume, whose size the image has.
                let root = device.get("DeviceName").and_then(Node::scalar_text);
                let root = root.is_some_and(|name| name.ends_with("da1") || name.ends_with("xvda"));
                if !root
                    && ebs.get("VolumeSize").is_none()
                    && ebs.get("SnapshotId").is_none()
                    && ebs.as_map().is_some()
                {
                    report.at(
                        at.clone(),
                        "a new volume has a size, or a snapshot that has one",
                    );
                }
            }
        }
    }
    for view in subject.of_type("AWS::EC2::Volume") {
        look(&|name| view.get(&[name]), "Size", &view.path(&[]), report);
    }
}

fn look<'n>(get: &dyn Fn(&str) -> Option<&'n Node>, size: &str, at: &Path, report: &mut Report) {
    let number = |name: &str| get(name)?.scalar_text()?.parse::<f64>().ok();
    let gib = number(size);
    // Of no type, or of one that a function will give.
    if let Some(gib) = gib.filter(|gib| *gib < 1.0 || *gib > MOST_GIB) {
        let message = format!("{gib} GiB: a volume has 1 to {MOST_GIB}");
        report.at(at.join(size), message);
    }
    let Some(kind) = get("VolumeType") else {
        if get("Iops").is_some() {
            // Without a type it is gp2, unless the image says otherwise of its own volume.
            let message = "without VolumeType it is gp2, which takes no Iops: name the type";
            report.of(Severity::Warning, at.join("Iops"), message);
        }
        return;
    };
    let Some(kind) = kind.scalar_text() else {
        return;
    };
    let Some(kind) = KINDS.iter().find(|known| known.name == kind) else {
        return;
    };
    if let Some(gib) = gib.filter(|gib| *gib < kind.sizes.0 || *gib > kind.sizes.1) {
        let (least, most) = kind.sizes;
        let message = format!("{gib} GiB: {} takes {least} to {most}", kind.name);
        report.at(at.join(size), message);
    }
    match (number("Iops"), kind.iops) {
        (Some(_), None) => report.at(at.join("Iops"), format!("{} takes no Iops", kind.name)),
        (None, Some(_)) if kind.name.starts_with("io") && get("Iops").is_none() => {
            report.at(at.clone(), format!("{} needs Iops", kind.name));
        }
        (Some(iops), Some((least, most))) => {
            let by_size = gib.map_or(most, |gib| gib * kind.ratio);
            let by_size = if kind.name == "gp3" {
                by_size.max(GP3_IOPS)
            } else {
                by_size
            };
            if iops < least || iops > most.min(by_size) {
                let most = most.min(by_size);
                let message = format!("{iops} Iops: {} takes {least} to {most} here", kind.name);
                report.at(at.join("Iops"), message);
            }
        }
        _ => {}
    }
}

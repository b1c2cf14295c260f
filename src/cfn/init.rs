//! `AWS::CloudFormation::Init`: what `cfn-init` does on a machine when it starts.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html>

use super::{Map, Node, Value};

/// The whole of a machine's `cfn-init` metadata.
#[derive(Clone, Debug, Default)]
pub struct Init {
    config_sets: Map,
    configs: Map,
}

impl Init {
    /// The metadata key.
    pub const KEY: &'static str = "AWS::CloudFormation::Init";

    /// No configurations yet.
    pub fn new() -> Init {
        Init::default()
    }

    /// Adds a config set: configurations in the order in which they run.
    #[must_use]
    pub fn config_set(mut self, name: &str, configs: &[&str]) -> Init {
        let names = configs.iter().map(|config| Node::from(*config)).collect();
        self.config_sets.insert(name.to_owned(), Node::List(names));
        self
    }

    /// Adds a configuration.
    #[must_use]
    pub fn config(mut self, name: &str, config: Config) -> Init {
        self.configs.insert(name.to_owned(), config.into_node());
        self
    }

    /// The metadata.
    pub fn into_node(self) -> Node {
        let mut map = Map::default();
        if !self.config_sets.is_empty() {
            map.insert("configSets".to_owned(), Node::Map(self.config_sets));
        }
        map.extend(self.configs);
        Node::Map(map)
    }
}

/// One configuration. `cfn-init` runs its sections in this order: packages, files, commands,
/// services.
#[derive(Clone, Debug, Default)]
pub struct Config {
    packages: Map,
    files: Map,
    commands: Map,
    services: Map,
}

impl Config {
    /// An empty configuration.
    pub fn new() -> Config {
        Config::default()
    }

    /// Installs a package; no versions means the newest, or whatever is there.
    #[must_use]
    pub fn package(mut self, manager: PackageManager, name: &str, versions: &[&str]) -> Config {
        let versions = versions
            .iter()
            .map(|version| Node::from(*version))
            .collect();
        entry(&mut self.packages, manager.key()).insert(name.to_owned(), Node::List(versions));
        self
    }

    /// Writes a file.
    #[must_use]
    pub fn file(mut self, path: &str, file: File) -> Config {
        self.files.insert(path.to_owned(), Node::Map(file.0));
        self
    }

    /// Runs a command. Commands run in the alphabetical order of their names.
    #[must_use]
    pub fn command(mut self, name: &str, command: Command) -> Config {
        self.commands.insert(name.to_owned(), Node::Map(command.0));
        self
    }

    /// Sets up a service.
    #[must_use]
    pub fn service(mut self, manager: ServiceManager, name: &str, service: Service) -> Config {
        entry(&mut self.services, manager.key()).insert(name.to_owned(), Node::Map(service.0));
        self
    }

    fn into_node(self) -> Node {
        let sections = [
            ("packages", self.packages),
            ("files", self.files),
            ("commands", self.commands),
            ("services", self.services),
        ];
        sections
            .into_iter()
            .filter(|(_, section)| !section.is_empty())
            .map(|(name, section)| (name.to_owned(), Node::Map(section)))
            .collect::<Map>()
            .into()
    }
}

fn entry<'a>(section: &'a mut Map, key: &str) -> &'a mut Map {
    let node = section
        .entry(key.to_owned())
        .or_insert_with(|| Node::Map(Map::default()));
    if !matches!(node, Node::Map(_)) {
        *node = Node::Map(Map::default());
    }
    match node {
        Node::Map(map) => map,
        _ => unreachable!("made a map above"),
    }
}

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageManager {
    /// Debian and Ubuntu.
    Apt,
    /// Amazon Linux 2023.
    Dnf,
    /// Windows installer packages, by URL.
    Msi,
}

impl PackageManager {
    fn key(self) -> &'static str {
        match self {
            PackageManager::Apt => "apt",
            PackageManager::Dnf => "dnf",
            PackageManager::Msi => "msi",
        }
    }
}

/// What runs services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceManager {
    /// Linux.
    Systemd,
    /// Windows.
    Windows,
}

impl ServiceManager {
    fn key(self) -> &'static str {
        match self {
            ServiceManager::Systemd => "systemd",
            ServiceManager::Windows => "windows",
        }
    }
}

/// A file to write.
#[derive(Clone, Debug)]
pub struct File(Map);

impl File {
    /// A file with this content.
    pub fn content(content: impl Into<Value<String>>) -> File {
        File(
            [("content".to_owned(), content.into().into_node())]
                .into_iter()
                .collect(),
        )
    }

    /// Permissions as six octal digits, and who owns it. Linux only.
    #[must_use]
    pub fn mode(mut self, mode: &str, owner: &str, group: &str) -> File {
        for (key, value) in [("mode", mode), ("owner", owner), ("group", group)] {
            self.0.insert(key.to_owned(), value.into());
        }
        self
    }
}

/// A command to run.
#[derive(Clone, Debug)]
pub struct Command(Map);

impl Command {
    /// A command line for the shell.
    pub fn new(command: impl Into<Value<String>>) -> Command {
        Command(
            [("command".to_owned(), command.into().into_node())]
                .into_iter()
                .collect(),
        )
    }

    /// The folder to run it in.
    #[must_use]
    pub fn cwd(mut self, folder: &str) -> Command {
        self.0.insert("cwd".to_owned(), folder.into());
        self
    }

    /// Runs only where this test command succeeds.
    #[must_use]
    pub fn test(mut self, test: &str) -> Command {
        self.0.insert("test".to_owned(), test.into());
        self
    }

    /// Windows: how many seconds to wait afterwards, in case the command restarts the machine.
    #[must_use]
    pub fn wait_after_completion(mut self, seconds: u32) -> Command {
        self.0
            .insert("waitAfterCompletion".to_owned(), seconds.to_string().into());
        self
    }
}

/// A service to enable and start.
#[derive(Clone, Debug)]
pub struct Service(Map);

impl Service {
    /// A service that starts with the machine and runs now.
    pub fn running() -> Service {
        let flags = ["enabled", "ensureRunning"];
        Service(
            flags
                .into_iter()
                .map(|flag| (flag.to_owned(), Node::Bool(true)))
                .collect(),
        )
    }

    /// Restarts it when `cfn-init` changes one of these files.
    #[must_use]
    pub fn restart_on_files(mut self, files: &[&str]) -> Service {
        let files = files.iter().map(|file| Node::from(*file)).collect();
        self.0.insert("files".to_owned(), Node::List(files));
        self
    }
}

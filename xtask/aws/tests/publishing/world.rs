//! An account on a local AWS, and what can be seen of it.

use crate::upstream::{self, Upstream};
use compute_catalog::publish::{
    Desired, LiveProduct, Observed, Options, Plan, PlanFile, Request, plan,
};
use local_aws::{Config, Faults, Identity, Server};
use publisher::{
    Approval, CommandError, Destination, End, Hints, Pace, Publish, Session, Terminal, Usage,
    observe,
};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// The account as the repository says.
fn everything() -> Request {
    Request::Publish(Default::default())
}

/// The accounts of the unit that the small catalog's portfolio is shared with.
pub const MEMBERS: [&str; 2] = ["333333333333", "444444444444"];

/// A server's configuration: one account, and an organisational unit with two more.
fn configured(folder: &std::path::Path) -> Config {
    let mut config = Config::new(folder.join("aws"));
    let members = MEMBERS.map(str::to_owned).into();
    config
        .organization
        .insert("ou-ab12-cdef3456".to_owned(), members);
    for account in std::iter::once("123456789012").chain(MEMBERS) {
        let identity = Identity::user(account, "local");
        config.keys.insert(account.to_owned(), identity);
    }
    config
}

/// An account on a local AWS, and a checkout's folder for receipts.
pub struct World {
    pub server: Arc<Server>,
    folder: TempDir,
    upstream: Option<upstream::Running>,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(upstream) = &self.upstream {
            upstream.note(&self.server);
        }
    }
}

impl World {
    pub fn new(faults: Faults) -> World {
        World::with(|config| config.faults = faults)
    }

    pub fn with(set: impl FnOnce(&mut Config)) -> World {
        let folder = TempDir::new().unwrap();
        let mut config = configured(folder.path());
        set(&mut config);
        let upstream = Upstream::wanted(&mut config);
        let server = Server::start(config.clone()).unwrap();
        let upstream = upstream.map(|upstream| upstream.start(server.endpoint(), &config));
        World {
            server: Arc::new(server),
            folder,
            upstream,
        }
    }

    /// A server with a state that was copied. Nobody can copy that of another emulator.
    fn restarted(folder: TempDir) -> World {
        let mut config = configured(folder.path());
        assert!(
            Upstream::wanted(&mut config).is_none(),
            "the account of an emulator can't be copied: leave this test out"
        );
        World {
            server: Arc::new(Server::start(config).unwrap()),
            folder,
            upstream: None,
        }
    }

    /// Another world with the same state.
    pub fn twin(&self) -> World {
        let folder = TempDir::new().unwrap();
        crate::checkout::copy(&self.folder.path().join("aws"), &folder.path().join("aws"));
        World::restarted(folder)
    }

    /// Another world with the same state but for an edit.
    pub fn edited(&self, edit: impl FnOnce(&mut serde_json::Value)) -> World {
        let folder = TempDir::new().unwrap();
        crate::checkout::copy(&self.folder.path().join("aws"), &folder.path().join("aws"));
        let mut state = self.server.state().unwrap();
        edit(&mut state);
        let text = serde_json::to_vec(&state).unwrap();
        std::fs::write(folder.path().join("aws/state.json"), text).unwrap();
        World::restarted(folder)
    }

    pub async fn session(&self) -> Session {
        Session::open(&self.destination()).await.unwrap()
    }

    /// A session of another account.
    pub async fn session_of(&self, account: &str) -> Session {
        let destination = Destination {
            account: account.parse().unwrap(),
            ..self.destination()
        };
        Session::open(&destination).await.unwrap()
    }

    pub fn destination(&self) -> Destination {
        Destination {
            account: "123456789012".parse().unwrap(),
            account_at: None,
            region: "us-east-1".to_owned(),
            profile: None,
            endpoint: Some(self.server.endpoint().to_owned()),
            dummy_credentials: true,
            pace: Pace::LOCAL,
        }
    }

    pub async fn publish(&self, desired: &Desired) -> Result<End, CommandError> {
        self.publish_from("checkout", desired, None, false).await
    }

    /// Publishes from one of several checkouts.
    pub async fn publish_from(
        &self,
        checkout: &str,
        desired: &Desired,
        reviewed: Option<&PlanFile>,
        break_lock: bool,
    ) -> Result<End, CommandError> {
        self.run(checkout, desired, reviewed, break_lock, everything())
            .await
    }

    pub async fn run(
        &self,
        checkout: &str,
        desired: &Desired,
        reviewed: Option<&PlanFile>,
        break_lock: bool,
        request: Request,
    ) -> Result<End, CommandError> {
        let never = AtomicBool::new(false);
        self.carry_out(checkout, desired, reviewed, break_lock, request, &never)
            .await
    }

    /// Publishes until somebody asks to stop.
    pub async fn publish_until(
        &self,
        desired: &Desired,
        stop: &AtomicBool,
    ) -> Result<End, CommandError> {
        self.carry_out("checkout", desired, None, false, everything(), stop)
            .await
    }

    async fn carry_out(
        &self,
        checkout: &str,
        desired: &Desired,
        reviewed: Option<&PlanFile>,
        break_lock: bool,
        request: Request,
        stop: &AtomicBool,
    ) -> Result<End, CommandError> {
        let session = Session::open(&self.destination()).await?;
        let yes = |_: &Plan| Ok(true);
        Publish {
            session: &session,
            desired,
            options: Options::default(),
            request,
            approval: reviewed.map_or(Approval::Ask(&yes), Approval::Reviewed),
            inspection: None,
            break_lock,
            folder: &self.receipts(checkout),
            terminal: &Terminal::quiet(),
            stop,
        }
        .run()
        .await
    }

    /// Publishes at another pace, with somebody who follows the steps.
    pub async fn publish_at(
        &self,
        pace: Pace,
        desired: &Desired,
        terminal: &Terminal,
    ) -> Result<End, CommandError> {
        let destination = Destination {
            pace,
            ..self.destination()
        };
        let yes = |_: &Plan| Ok(true);
        Publish {
            session: &Session::open(&destination).await?,
            desired,
            options: Options::default(),
            request: everything(),
            approval: Approval::Ask(&yes),
            inspection: None,
            break_lock: false,
            folder: &self.receipts("checkout"),
            terminal,
            stop: &AtomicBool::new(false),
        }
        .run()
        .await
    }

    /// Once the server has cut everybody off, as if they had been killed there.
    pub async fn halted(&self) {
        while !self.server.is_halted() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    pub fn receipts(&self, checkout: &str) -> std::path::PathBuf {
        self.folder.path().join(checkout)
    }

    pub async fn observe(&self, desired: &Desired) -> Observed {
        let hints = Hints {
            usage: Usage::All,
            ..Hints::default()
        };
        observe(&self.session().await, desired, &hints)
            .await
            .unwrap()
    }

    pub async fn plan(&self, desired: &Desired) -> Plan {
        plan(desired, &self.observe(desired).await, Options::default())
    }

    /// How many calls so far would change something, whether or not they did.
    pub fn changes(&self) -> Vec<String> {
        self.server
            .calls()
            .into_iter()
            .filter(|call| call.changing)
            .map(|call| call.operation)
            .collect()
    }

    /// The account in words without ids, for comparing two of them: nothing is there twice, and
    /// nothing is left over.
    pub async fn summary(&self, desired: &Desired) -> Vec<String> {
        let observed = self.observe(desired).await;
        let mut lines = vec![format!("bucket {}", observed.bucket.is_some())];
        for live in observed.products.values() {
            lines.extend(product_lines(live));
        }
        for (key, template) in &observed.templates {
            lines.push(format!("template {key} {:?}", template.body));
        }
        for (name, stack) in &observed.stacks {
            lines.push(format!(
                "stack {name} {} {}",
                stack.status,
                stack.template.len()
            ));
        }
        lines.push(format!("shares {}", observed.shares.len()));
        let state = self.server.state().unwrap();
        let here = &state["accounts"]["123456789012"]["regions"]["us-east-1"];
        for kind in ["portfolios", "actions", "constraints", "products"] {
            let count = here["catalog"][kind].as_object().map_or(0, |all| all.len());
            lines.push(format!("{kind} {count}"));
        }
        let objects = self.objects(observed.bucket.as_deref()).await;
        lines.push(format!("objects {objects:?}"));
        lines.sort();
        lines
    }

    /// The keys in the bucket.
    async fn objects(&self, bucket: Option<&str>) -> Vec<String> {
        let session = self.session().await;
        let listed = session
            .s3
            .list_objects_v2()
            .bucket(bucket.unwrap_or_default())
            .send()
            .await;
        listed.map_or_else(
            |_| Vec::new(),
            |listed| {
                listed
                    .contents()
                    .iter()
                    .filter_map(|object| object.key().map(str::to_owned))
                    .collect()
            },
        )
    }
}

fn product_lines(live: &LiveProduct) -> Vec<String> {
    let mut lines = vec![format!(
        "product {} {:?} {:?}",
        live.texts.name, live.texts, live.tags
    )];
    for version in &live.versions {
        lines.push(format!(
            "version {} {} {} {} {:?} {:?} actions {}",
            live.texts.name,
            version.name,
            version.active,
            version.guidance,
            version.status,
            version.body,
            version.actions.len()
        ));
    }
    lines
}

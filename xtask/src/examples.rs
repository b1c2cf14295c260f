//! The examples at the end of each command's help. A test runs the grammar over every line.

/// `generate`
pub const GENERATE: &str = "\
Examples:
  cargo xtask generate            write what the models make
  cargo xtask generate --check    say what is stale, and change nothing";

/// `check`
pub const CHECK: &str = "\
Examples:
  cargo xtask check                       every product
  cargo xtask check windows notebook      two of them
  cargo xtask check template.yaml -       any templates, the second from standard input
  cargo xtask check --format sarif        for code scanning";

/// `explain`
pub const EXPLAIN: &str = "\
Examples:
  cargo xtask explain policy-fit    what the rule of that name wants";

/// `diff`
pub const DIFF: &str = "\
Examples:
  cargo xtask diff                                       since the last release
  cargo xtask diff --base origin/main --format markdown  for a pull request
  cargo xtask diff notebook --base v1.0.0 --to v2.0.0    between two versions
  cargo xtask diff --env develop                         with what is live in an account
  cargo xtask diff --fail-on replacement                 exit 1 if an update replaces anything
  cargo xtask diff old.yaml new.yaml                     two templates, whatever they are of
  cargo xtask diff old.yaml new.yaml --importer web.yaml  with one that imports what OLD exports";

/// `fleet`
pub const FLEET: &str = "\
Examples:
  cargo xtask fleet --env prod                                worst first
  cargo xtask fleet notebook --env prod --to v2.0.0           to this version
  cargo xtask fleet --env prod --owners --by \"1 March\"      a message for each owner";

/// `rehearse`
pub const REHEARSE: &str = "\
Examples:
  cargo xtask rehearse                              every product, environment and version
  cargo xtask rehearse notebook --env develop       one product in one account
  cargo xtask rehearse scheduled-job --from v1.4.6  only stacks of one version
  cargo xtask rehearse s3-private --time-line       with a launch, line by line";

/// `access`
pub const ACCESS: &str = "\
Examples:
  cargo xtask access          writes generated/access.md
  cargo xtask access --check  only compares it, as CI does";

/// `release`
pub const RELEASE: &str = "\
Example:
  cargo xtask release notebook --bump minor --note \"Newer RStudio\"";

/// `preview`
pub const PREVIEW: &str = "\
Example:
  cargo xtask preview    then open target/preview/index.html in a browser";

/// `init`
pub const INIT: &str = "\
Examples:
  cargo xtask init ../acme --organization \"Acme Research\"
  cargo xtask init ../acme --organization Acme --account 123456789012 --region eu-central-1";

/// `import`
pub const IMPORT: &str = "\
Examples:
  cargo xtask import database.yaml --product team-database
  cargo xtask import queue.json --product team-queue --portfolio ec2
  cargo xtask import --product team-queue --version v1.0.0=old.yaml --version v1.1.0=new.yaml
  cargo xtask import --env prod";

/// `new product`
pub const NEW_PRODUCT: &str = "\
Examples:
  cargo xtask new product team-store --kind bucket
  cargo xtask new product nightly --kind job --portfolio ec2";

/// `plan`
pub const PLAN: &str = "\
Examples:
  cargo xtask plan                                 against the built-in local AWS
  cargo xtask plan --env develop --out plan.json   and keep the plan for `publish --plan`";

/// `publish`
pub const PUBLISH: &str = "\
Examples:
  cargo xtask publish                                  to the built-in local AWS
  cargo xtask publish --env develop --plan plan.json   exactly what was reviewed";

/// `preflight`
pub const PREFLIGHT: &str = "\
Example:
  cargo xtask preflight --env develop";

/// `status`
pub const STATUS: &str = "\
Example:
  cargo xtask status --env prod";

/// `adopt`
pub const ADOPT: &str = "\
Example:
  cargo xtask adopt --env prod    then review what it wrote with `git diff`";

/// `withdraw`
pub const WITHDRAW: &str = "\
Examples:
  cargo xtask withdraw notebook v2.1.0 --env prod --reason \"loses the home folder\"
  cargo xtask withdraw notebook v2.1.0 --env prod --undo";

/// `try`
pub const TRY: &str = "\
Examples:
  cargo xtask try notebook
  cargo xtask try s3-synapse --set SynapseIDs=1234567
  cargo xtask try linux-docker --as ServiceCatalogExternalEndusers --env prod";

/// `prove`
pub const PROVE: &str = "\
Examples:
  cargo xtask prove --env develop --user-profile service-catalog
  cargo xtask prove s3-private --env develop --hours 0.5
  cargo xtask prove --env develop --clean-up    ends what a run that was cut off has left
  cargo xtask prove --env develop --local --out target/proven.md    shows how it goes";

/// `rollback`
pub const ROLLBACK: &str = "\
Example:
  cargo xtask rollback notebook --env develop";

/// `doctor`
pub const DOCTOR: &str = "\
Examples:
  cargo xtask doctor
  cargo xtask doctor --format json";

/// `completions`
pub const COMPLETIONS: &str = "\
Examples, for the file that your shell reads when it starts:
  cargo xtask completions bash  as eval \"$(…)\"
  cargo xtask completions zsh   as eval \"$(…)\", after compinit
  cargo xtask completions fish  as … | source";

/// `man`
pub const MAN: &str = "\
Examples:
  cargo xtask man            the program
  cargo xtask man publish    one command";

/// `vendor`
pub const VENDOR: &str = "\
Examples:
  cargo xtask vendor refresh             the newest data, and what changed
  cargo xtask vendor refresh --pinned    the same versions again
  cargo xtask vendor check               whether vendor/ is as it was fetched
  cargo xtask vendor prices              what machines and disks cost, asked of AWS";

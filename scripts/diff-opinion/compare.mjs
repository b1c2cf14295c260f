// What an update does to each resource, by CDK's diff, beside what `cargo xtask diff` says: for each
// pair under tests/change/pairs. Every disagreement stands in disagreements.yaml with its reason and
// AWS's page, or why there is none. One without a line there fails, and so does a line that none needs.
//
//   node scripts/diff-opinion/compare.mjs FOLDER-OF-PACKAGES PROGRAM
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [packages, program] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const { fullDiff } = require("@aws-cdk/cloudformation-diff");
const YAML = require("yaml");

// CloudFormation's short forms as long ones.
const plain = (node) => {
  if (node === null || node === undefined) return null;
  let value;
  if (YAML.isMap(node)) value = Object.fromEntries(node.items.map(({ key, value }) => [String(key.value), plain(value)]));
  else if (YAML.isSeq(node)) value = node.items.map(plain);
  else value = node.value;
  const tag = node.tag ?? "";
  if (!tag.startsWith("!")) return value;
  const name = tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (name === "GetAtt" && typeof value === "string") {
    const [id, ...rest] = value.split(".");
    return { "Fn::GetAtt": [id, rest.join(".")] };
  }
  return { [`Fn::${name}`]: value };
};

const read = (text) => plain(YAML.parseDocument(text, { logLevel: "silent" }).contents);

const theirs = (old, next) => {
  const found = {};
  fullDiff(read(old), read(next)).resources.forEachDifference((id, change) => {
    if (change.changeImpact !== "NO_CHANGE") found[id] = change.changeImpact;
  });
  return found;
};

const ours = (folder, old, next) => {
  const files = [join(folder, "old.yaml"), join(folder, "new.yaml")];
  writeFileSync(files[0], old);
  writeFileSync(files[1], next);
  const ran = spawnSync(program, ["diff", ...files, "--format", "json"], { encoding: "utf8" });
  const found = {};
  // What can't be read ends in exit code 2, and is reported all the same.
  for (const one of JSON.parse(ran.stdout).result.reports[0].impact) found[one.id] = one.effect;
  return found;
};

// What CDK has a word for: it knows no interruption, and nothing of what isn't applied.
const word = {
  noEffect: "NO_CHANGE",
  added: "WILL_CREATE",
  notApplied: "WILL_UPDATE",
  inPlace: "WILL_UPDATE",
  interrupted: "WILL_UPDATE",
  unknown: "MAY_REPLACE",
  removed: "WILL_DESTROY",
  replaced: "WILL_REPLACE",
  fails: "FAILS",
};

const expected = new Map();
const wrong = [];
for (const line of YAML.parse(readFileSync("scripts/diff-opinion/disagreements.yaml", "utf8"))) {
  const isRead = line.page?.startsWith("https://docs.aws.amazon.com/") && line.says;
  if (!isRead === !line.unproved) wrong.push(`a page and what it says, or why it is unproved: ${line.reason}`);
  for (const key of line.resources) {
    if (expected.has(key)) wrong.push(`${key} stands there twice`);
    expected.set(key, line);
  }
}
const unused = new Set(expected.keys());
const folder = mkdtempSync(join(tmpdir(), "diff-opinion-"));
let compared = 0;
for (const file of readdirSync("tests/change/pairs").filter((name) => name.endsWith(".yaml")).sort()) {
  const pair = YAML.parse(readFileSync(join("tests/change/pairs", file), "utf8"));
  const next = pair.template.replaceAll(pair.from, pair.to);
  const [mine, other] = [ours(folder, pair.template, next), theirs(pair.template, next)];
  for (const id of new Set([...Object.keys(mine), ...Object.keys(other)])) {
    compared += 1;
    const [says, theySay] = [word[mine[id] ?? "noEffect"], other[id] ?? "NO_CHANGE"];
    const isOrphan = says === "WILL_DESTROY" && theySay === "WILL_ORPHAN";
    if (says === theySay || isOrphan) continue;
    const key = `${file.replace(".yaml", "")} ${id}`;
    unused.delete(key);
    const known = expected.get(key);
    const isExplained = known?.ours === says && known?.theirs === theySay;
    const source = known?.page ? `${known.says} ${known.page}` : `unproved: ${known?.unproved}`;
    const why = isExplained ? `: ${known.reason} ${source}` : "";
    console.log(`${isExplained ? "explained" : "NOT EXPLAINED"}: ${key}: ours ${says}, CDK's ${theySay}${why}`);
    if (!isExplained) wrong.push(`${key}: there is no reason for it in disagreements.yaml`);
  }
}
rmSync(folder, { recursive: true });
for (const key of unused) wrong.push(`${key}: both say the same by now; take it out of disagreements.yaml`);
if (compared < 100) wrong.push(`only ${compared} resources were compared`);
for (const one of wrong) console.error(`error: ${one}`);
console.log(`${compared} resources compared, ${expected.size} disagreements`);
process.exitCode = wrong.length > 0 ? 1 : 0;

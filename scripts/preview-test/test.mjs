// Opens the preview as a reader does. Usage: node test.mjs SITE OUT TASKS
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";

const [site, out, tasksFile] = process.argv.slice(2).map((path) => resolve(path));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);

const pages = readdirSync(site, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith(".html"))
  .sort();
if (pages.length < 30) fault("preview", `only ${pages.length} pages`);

const browser = await launch();

// A window whose errors and requests are written down.
const open = async (options) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const where = () => page.url().replace(pathToFileURL(site).href, "");
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") fault(where(), message.text());
  });
  page.on("pageerror", (error) => fault(where(), error.message));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) fault(where(), `asks the network for ${request.url()}`);
  });
  return page;
};
const visit = (page, path) => page.goto(pathToFileURL(join(site, path)).href);

// Every page, in light and dark: no error, and nothing serious for axe-core.
let checks = 0;
for (const colorScheme of ["light", "dark"]) {
  const page = await open({ colorScheme });
  for (const path of pages) {
    await visit(page, path);
    if ((await page.locator("h1").count()) !== 1) fault(path, "no title");
    await page.addScriptTag({ content: axe });
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], preload: false }));
    if (passes.length === 0) fault(path, "axe-core checked nothing");
    for (const { id, impact, nodes } of violations) {
      fault(`${path} (${colorScheme})`, `${impact} ${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 3)}`);
    }
    checks += 1;
  }
  await page.context().close();
}

// No page is wider than its window, on a phone neither; the main pages are kept as pictures.
const main = ["index.html", "environments.html", "communities/staff.html", "pages/notebook.html", "pages/notebook-launch.html", "pages/notebook-parts.html", "pages/notebook-versions.html"];
for (const width of [360, 1280]) {
  const page = await open({ viewport: { width, height: 900 } });
  for (const path of pages) {
    await visit(page, path);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) fault(path, `is ${over} px wider than a window of ${width}`);
    if (main.includes(path)) {
      const file = join(out, `${path.replaceAll("/", "-").replace(".html", "")}-${width}.png`);
      await page.screenshot({ path: file, fullPage: true });
      if (statSync(file).size < 8000) fault(path, `is an empty picture at ${width}`);
    }
  }
  await page.context().close();
}

// The launch form checks what is typed, and can be used by keyboard alone.
const page = await open({});
const expectText = async (path, selector, text) => {
  const found = await page.locator(selector).textContent();
  if (!found.includes(text)) fault(path, `${selector} says “${found}” and not “${text}”`);
};
const press = async (keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

let path = "pages/notebook-launch.html";
await visit(page, path);
await page.locator("#product-name").focus();
await page.keyboard.type("jdoe-notebook");
await page.locator("#tag-CostCenter").selectOption({ index: 1 });
await page.locator("#VolumeSize").focus();
await press(["Control+a", "Delete"]);
await page.keyboard.type("9");
await press(["Enter"]);
await expectText(path, "#VolumeSize-error", "50 to 2000");
await expectText(path, "#summary", "One value needs a change");
if ((await page.locator("#VolumeSize").getAttribute("aria-invalid")) !== "true") fault(path, "the wrong value is not marked");
if ((await page.evaluate(() => document.activeElement.id)) !== "summary") fault(path, "the summary has not the focus");
await press(["Tab", "Enter"]);
if ((await page.evaluate(() => document.activeElement.id)) !== "VolumeSize") fault(path, "the summary does not lead to the value");
await press(["Control+a"]);
await page.keyboard.type("100");
await expectText(path, "#VolumeSize-error", "");
await press(["Enter"]);
const parameters = JSON.parse(await page.locator("#parameters").textContent());
const size = parameters.find((parameter) => parameter.ParameterKey === "VolumeSize");
if (size?.ParameterValue !== "100") fault(path, `the stack would get ${JSON.stringify(size)}`);

// Patterns hold for the whole value, as CloudFormation reads them.
const tries = {
  "pages/s3-private-launch.html": { BucketName: { good: ["", "my-bucket.2"], bad: ["My-Bucket", "a", "xn--a-b", "my..bucket", "10.0.0.1"] } },
  "pages/scheduled-job-launch.html": {
    EnvVars: { good: ["A=1,B=a=b"], bad: ["A", "1A=1"] },
    JobRetries: { good: ["1", "5"], bad: ["0", "6", "many", ""] },
    Schedule: { good: ["rate(7 days)", "cron(0 6 ? * MON *)"], bad: ["daily"] },
    Secrets: { good: ['"A":"b"'], bad: ['{"A":"b"}'] },
  },
  "pages/s3-synapse-launch.html": { SynapseIDs: { good: ["1111111, 2222222"], bad: ["", ","] } },
};
for (const [form, fields] of Object.entries(tries)) {
  path = form;
  await visit(page, form);
  for (const [name, { good, bad }] of Object.entries(fields)) {
    for (const [values, isBad] of [[good, false], [bad, true]]) {
      for (const value of values) {
        await page.locator(`#${name}`).fill(value);
        await page.locator(`#${name}`).blur();
        const message = await page.locator(`#${name}-error`).textContent();
        if ((message !== "") !== isBad) fault(form, `${name} “${value}”: “${message}”`);
      }
    }
  }
}

// Nothing but the name and who pays is missing from a form whose fields all have defaults.
path = "pages/linux-docker-launch.html";
await visit(page, path);
await page.locator("button[type=submit]").click();
await expectText(path, "#summary", "2 values need a change");
await expectText(path, "#tag-CostCenter-error", "Fill this in.");
await page.locator("button[type=reset]").click();
if (await page.locator("#summary").isVisible()) fault(path, "the summary stays after starting over");

// The search finds a section by words of its text, from any page, and leads there by keyboard.
path = "pages/notebook.html";
await visit(page, path);
await page.locator("#search").focus();
await page.keyboard.type("disk full");
await expectText(path, "#found", "Handbook: When you can't reach an instance any more");
await press(["Tab", "Enter"]);
await page.waitForURL(/handbook\.html#/);
await page.locator("#search").fill("qqqq");
await expectText("pages/handbook.html", "#found-count", "Nothing found");
if (await page.locator("#found").isVisible()) fault("pages/handbook.html", "an empty list of what was found");

// Each task that people come for is found by what they type: its answer is among the first five.
const tasks = JSON.parse(readFileSync(tasksFile, "utf8"));
if (tasks.length < 80) fault("tasks", `only ${tasks.length}`);
const unformed = (text) => text.replace(/[`*|#<>\\\s]/g, "");
path = "index.html";
await visit(page, path);
for (const { task, typed, says } of tasks) {
  await page.locator("#search").fill(typed);
  const found = await page.locator("#found a").evaluateAll((links) =>
    links.slice(0, 5).map((link) => {
      const { title, text } = globalThis.catalogIndex.find((entry) => entry.address === link.getAttribute("href"));
      return title + text;
    }),
  );
  if (!found.some((text) => unformed(text).includes(unformed(says[0])))) fault(path, `“${typed}” doesn't find the answer to: ${task}`);
}
await page.locator("#search").fill("");

// "My update" answers for the version and the value that are chosen, and for no other.
path = "pages/notebook-update.html";
await visit(page, path);
const versions = await page.locator("#version option").allTextContents();
if (versions.length < 2) fault(path, `only ${versions.length} versions to update from`);
for (const version of versions) {
  await page.locator("#version").selectOption(version);
  const shown = await page.locator("#update > .answer:visible").evaluateAll((answers) => answers.map((answer) => answer.dataset.of));
  if (shown.join() !== version) fault(path, `${version} is chosen, and ${shown} answered`);
  const shownVersion = page.locator("#update > .answer:visible");
  const selects = await shownVersion.locator("[data-ask]").all();
  // The first values of all, and then the last of one after the other: the answer is for all together.
  for (let changed = 0; selects.length && changed <= selects.length; changed += 1) {
    if (changed) await selects[changed - 1].selectOption({ index: (await selects[changed - 1].locator("option").count()) - 1 });
    const chosen = (await Promise.all(selects.map((select) => select.inputValue()))).join("-");
    const answers = shownVersion.locator(".answer:visible");
    const told = await answers.evaluateAll((answers) => answers.map((answer) => answer.dataset.of));
    if (told.join() !== chosen) fault(path, `${chosen} is chosen, and ${told} answered`);
  }
}

// On paper there is text, and nothing to press.
await visit(page, path);
await page.emulateMedia({ media: "print" });
for (const selector of [".search", ".tabs", ".toc"]) {
  if (await page.locator(selector).isVisible()) fault(path, `${selector} is printed`);
}
await page.emulateMedia({ media: null });

await browser.close();
if (faults.length > 0) {
  console.error([...new Set(faults)].join("\n"));
  process.exit(1);
}
console.log(`${pages.length} pages opened, ${checks} times checked for accessibility, forms used: nothing found`);

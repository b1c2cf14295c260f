// Compares pictures of pages with those that were kept. Usage: node pictures.mjs SITE KEPT OUT [--update]
//
// The same bytes on every machine can't be had: Chromium's versions draw edges differently. So the
// fonts are pinned and loaded with the page, hinting and subpixels are off, and a picture may differ
// in a few pixels per thousand after edges are left out. A style sheet that is lost, a colour that is
// wrong in the dark, a part that moved or overlaps differ in many more.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { launch } from "./browser.mjs";

const MOST_PER_THOUSAND = 4;
const MOST_ROWS = 4;
// The top of a page shows its look; what is below repeats it. In CSS pixels.
const MOST_HEIGHT = 1500;
// All pictures together, in bytes.
const MOST_BYTES = 1_000_000;

const [site, kept, out] = process.argv.slice(2, 5).map((path) => resolve(path));
const isUpdate = process.argv.includes("--update");
const all = ["index", "environments", "communities/staff", "pages/workstation", "pages/workstation-launch", "pages/workstation-parts", "pages/workstation-versions", "pages/bucket"];
// At half their size: small files, in which everything of a page is still told apart.
const desktop = { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 0.5 };
const views = {
  light: { pages: all, options: { ...desktop, colorScheme: "light" } },
  dark: { pages: all.filter((page) => /index|launch|parts|versions/.test(page)), options: { ...desktop, colorScheme: "dark" } },
  phone: { pages: all, options: { ...desktop, colorScheme: "light", viewport: { width: 360, height: 740 } } },
};

const font = (file) => {
  const path = createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}.ttf`);
  return `url(data:font/ttf;base64,${readFileSync(path).toString("base64")})`;
};
const pinned = `
  @font-face { font-family: Pinned; src: ${font("DejaVuSans")}; }
  @font-face { font-family: Pinned; font-weight: bold; src: ${font("DejaVuSans-Bold")}; }
  @font-face { font-family: "Pinned Mono"; src: ${font("DejaVuSansMono")}; }
  :root { --text: Pinned !important; --plain: Pinned !important; --mono: "Pinned Mono" !important; }
  * { caret-color: transparent !important; transition: none !important; }`;

// How a picture differs from the one that was kept; nothing where it is the same.
const difference = (name, now) => {
  const file = join(kept, `${name}.png`);
  if (isUpdate) {
    writeFileSync(file, PNG.sync.write(now, { colorType: 2, deflateLevel: 9 }));
    return undefined;
  }
  if (!existsSync(file)) return "no picture was kept";
  const before = PNG.sync.read(readFileSync(file));
  const [width, height] = [now.width, Math.min(now.height, before.height)];
  if (before.width !== width || Math.abs(before.height - now.height) > MOST_ROWS) {
    return `was ${before.width} x ${before.height} pixels and is ${now.width} x ${now.height}`;
  }
  const marked = new PNG({ width, height });
  const rows = (picture) => picture.data.subarray(0, width * height * 4);
  const different = pixelmatch(rows(before), rows(now), marked.data, width, height, { threshold: 0.2 });
  const perThousand = (different * 1000) / (width * height);
  if (perThousand <= MOST_PER_THOUSAND) return undefined;
  writeFileSync(join(out, `${name}-difference.png`), PNG.sync.write(marked));
  return `differs in ${perThousand.toFixed(1)} pixels of a thousand`;
};

rmSync(out, { recursive: true, force: true });
for (const folder of [out, kept]) mkdirSync(folder, { recursive: true });
const browser = await launch(["--font-render-hinting=none", "--disable-lcd-text", "--disable-font-subpixel-positioning", "--force-color-profile=srgb", "--hide-scrollbars"]);
const faults = [];
let count = 0;
for (const [view, { pages, options }] of Object.entries(views)) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  for (const path of pages) {
    await page.goto(pathToFileURL(join(site, `${path}.html`)).href);
    await page.addStyleTag({ content: pinned });
    await page.evaluate(async () => {
      await Promise.all([...document.fonts].map((one) => one.load()));
      await document.fonts.ready;
    });
    const name = `${path.replaceAll("/", "-")}-${view}`;
    const { width } = options.viewport;
    const height = Math.min(MOST_HEIGHT, await page.evaluate(() => document.documentElement.scrollHeight));
    const clip = { x: 0, y: 0, width, height };
    const picture = await page.screenshot({ path: join(out, `${name}.png`), fullPage: true, clip, animations: "disabled" });
    const found = difference(name, PNG.sync.read(picture));
    count += 1;
    if (found) faults.push(`${name}: ${found}`);
  }
  await context.close();
}
await browser.close();
const bytes = readdirSync(kept).reduce((sum, file) => sum + statSync(join(kept, file)).size, 0);
if (bytes > MOST_BYTES) faults.push(`the pictures take ${bytes} bytes, more than ${MOST_BYTES}`);
if (faults.length > 0) {
  console.error(faults.join("\n"));
  console.error(`pictures and differences are under ${out}\n  hint: where the change is meant, scripts/preview-test.sh --update`);
  process.exit(1);
}
console.log(`${count} pictures ${isUpdate ? "kept" : "as they were kept"}`);

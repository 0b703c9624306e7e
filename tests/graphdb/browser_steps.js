// Opens the address of `graphscan investigate` in a headless Chromium, plays the guide, runs steps of it, and prints
// what is drawn as one JSON object. Arguments: address, chromium, folder for screenshots, titles of questions.
const [address, executablePath, folder, ...titles] = process.argv.slice(2);
const { chromium } = require("playwright-core");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

async function run(page, title, number) {
  const question = page.locator(`h4:text-is("${title}") ~ pre.runnable`).first();
  await question.scrollIntoViewIfNeeded();
  await question.click({ position: { x: 200, y: 10 } });
  const before = await page.locator('[data-testid="frameCommand"]').count();
  await page.locator('[data-testid="editor-Run"]').first().click();
  await page.waitForFunction((n) => document.querySelectorAll('[data-testid="frameCommand"]').length > n, before);
  const frame = page.locator('[data-testid="frame"]').first();
  await frame.locator("svg g.node, table tbody tr").first().waitFor({ timeout: 30000 });
  await page.waitForTimeout(2500); // until the picture stands still
  await page.screenshot({ path: `${folder}/${number}.png` });
  const fills = await frame.locator("svg g.node circle.b-outline").evaluateAll((all) => all.map((e) => e.getAttribute("fill")));
  return {
    title,
    nodes: await frame.locator("svg g.node").count(),
    rows: await frame.locator("table tbody tr").count(),
    fills: [...new Set(fills)],
    text: (await frame.innerText()).slice(0, 6000),
  };
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: flags });
  const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
  await page.goto(address);
  await page.locator("pre.runnable").first().waitFor({ timeout: 60000 });
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${folder}/0.png` });
  const told = { heading: await page.locator("article h3, .guide h3, h3").first().innerText(), steps: [] };
  for (const [number, title] of titles.entries()) {
    while (!(await page.locator(`h4:text-is("${title}")`).first().isVisible())) {
      await page.locator('[data-testid="nextSlide"]').last().click();
      await page.waitForTimeout(300);
    }
    told.steps.push(await run(page, title, number + 1));
  }
  console.log(JSON.stringify(told));
  await browser.close();
})().catch((error) => { console.error(String(error)); process.exit(1); });

// Opens the review site in a headless Chromium without JavaScript, decides as two people by keyboard alone, and prints what
// was seen as one JSON object. Arguments: address, chromium, folder for screenshots, the account to decide about.
const [address, executablePath, folder, account] = process.argv.slice(2);
const { chromium } = require("playwright-core");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const told = { requests: [], dialogs: 0, console: [] };

async function approveByKeyboard(page, name, note) {
  await page.locator("#who").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(note);
  await page.keyboard.press("Tab");
  const focused = page.locator("button:focus");
  const words = await focused.innerText();
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=approve|\/approve/);
  return words;
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: flags });
  const context = await browser.newContext({ viewport: { width: 1250, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  page.on("request", (r) => { if (!r.url().startsWith("data:")) told.requests.push(r.url()); });
  page.on("dialog", (d) => { told.dialogs += 1; d.dismiss(); });
  page.on("console", (m) => told.console.push(m.text()));
  await page.goto(address);
  told.queue = await page.locator("h1").innerText();
  told.rows = await page.locator("tbody tr").count();
  await page.screenshot({ path: `${folder}/queue.png` });
  await page.selectOption("#measure", "ban");
  await page.locator("form.filter button").click();
  told.bans = await page.locator("tbody tr").count();
  await page.locator("tbody a", { hasText: account }).first().click();
  told.heading = await page.locator("h1").innerText();
  told.sides = await page.locator(".side h2").allInnerTexts();
  told.pictures = await page.locator("figure img").count();
  told.boxes = [];
  for (const side of await page.locator(".side").all()) told.boxes.push(await side.boundingBox());
  await page.screenshot({ path: `${folder}/case.png`, fullPage: true });
  const where = page.url();
  told.button = await approveByKeyboard(page, "anna", "Posted by the tool, day and night.");
  told.first = await page.locator("[role=status]").innerText();
  told.remembered = await page.locator("#who").inputValue();
  await approveByKeyboard(page, "anna", "again");
  told.again = await page.locator("[role=alert]").innerText();
  await page.goto(where);
  await approveByKeyboard(page, "boris", "同意，证据清楚。");
  told.second = await page.locator("[role=status]").innerText();
  told.people = await page.locator("h2", { hasText: "Who has decided what" }).locator("..").locator("tbody").first().innerText();
  await page.screenshot({ path: `${folder}/approved.png`, fullPage: true });
  const dark = await browser.newContext({ viewport: { width: 420, height: 900 }, colorScheme: "dark", javaScriptEnabled: false });
  const small = await dark.newPage();
  await small.goto(where);
  await small.screenshot({ path: `${folder}/dark.png` });
  told.sideways = await small.evaluate("document.documentElement.scrollWidth").catch(() => null);
  await small.emulateMedia({ media: "print" });
  await small.pdf({ path: `${folder}/case.pdf`, format: "A4" });
  console.log(JSON.stringify(told));
  await browser.close();
})().catch((error) => { console.error(String(error)); process.exit(1); });

// @ts-check
import { Maintenance, isMaintenance } from "./maintenance.js";

const api = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="orders-api"]')).content;
const maintenance = new Maintenance(api);
const form = /** @type {HTMLFormElement} */ (document.querySelector("#form"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));

maintenance.addEventListener("change", () => {
  const notice = maintenance.notice;
  show("maintenance", notice && "");
  button.disabled = notice !== null; // what was typed stays
  if (notice) {
    tell("message", notice.message);
    tell("when", notice.retryAt ? `Expected back ${inWords(notice.retryAt)}.` : "This page comes back by itself.");
    show("trouble", null);
    show("done", null);
  } else {
    show("done", "We are back. What you typed is still here.");
    void list();
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  button.disabled = true;
  const order = await ask(api, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ item: fields.get("item"), quantity: Number(fields.get("quantity")) }),
  });
  button.disabled = maintenance.notice !== null;
  if (!order) return;
  form.reset();
  show("done", `Order ${order.id} is placed.`);
  await list();
});

async function list() {
  const answer = await ask(api);
  if (!answer) return;
  const rows = answer.orders.map((/** @type {{id: string, item: string, quantity: number}} */ order) => {
    const row = document.createElement("tr");
    for (const value of [order.id, order.item, order.quantity]) row.insertCell().textContent = String(value);
    return row;
  });
  document.querySelector("#orders")?.replaceChildren(...rows);
}

/**
 * Asks the API, and says what is wrong where something is. Maintenance is said
 * by its event, so it is no trouble.
 * @param {string} url
 * @param {RequestInit} [init]
 */
async function ask(url, init) {
  try {
    const response = await maintenance.fetch(url, init);
    if (isMaintenance(response)) return null;
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      show("trouble", null);
      return answer;
    }
    show("trouble", response.status < 500 ? (answer.detail ?? "The order was refused.") : "Something went wrong on our side. Nothing you typed is lost; please try again.");
  } catch {
    show("trouble", "The orders service cannot be reached. Check your connection, and try again.");
  }
  show("done", null);
  return null;
}

/**
 * @param {string} id
 * @param {string | null} text null hides the element, "" leaves its content
 */
function show(id, text) {
  const element = /** @type {HTMLElement} */ (document.getElementById(id));
  element.hidden = text === null;
  if (text) element.textContent = text;
}

/**
 * @param {string} id
 * @param {string} text
 */
function tell(id, text) {
  const element = document.getElementById(id);
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * A moment in the reader's own language and zone.
 * @param {Date} moment
 */
function inWords(moment) {
  const today = moment.toDateString() === new Date().toDateString();
  const time = moment.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  return today ? `at ${time}` : `on ${moment.toLocaleDateString(undefined, { dateStyle: "long" })}, ${time}`;
}

void list();

// @ts-check

/**
 * What the API says in maintenance.
 * @typedef {object} Notice
 * @property {string} message for people to read
 * @property {Date | null} retryAt when to come back; null where nothing is said
 */

/**
 * Wraps fetch, and knows whether the API is in maintenance. It dispatches one
 * event, "change", whose detail is a {@link Notice}, or null when the API is
 * back. In maintenance it asks by itself, no sooner than the API said, and only
 * while the page is visible and online; it is over with the first answer that
 * is healthy.
 *
 *     const maintenance = new Maintenance("https://api.example.com/orders");
 *     maintenance.addEventListener("change", (event) => show(event.detail));
 *     const response = await maintenance.fetch("https://api.example.com/orders/1");
 */
export class Maintenance extends EventTarget {
  /** @type {Notice | null} what is known now; null: not in maintenance */
  notice = null;

  #due = 0; // when to ask again, in ms since 1970
  #timer = 0;
  #asking = false;
  #noticed = 0; // when the API last said so

  /**
   * @param {string} probe URL that a GET without side effects can ask
   * @param {{minimum?: number}} [options] minimum: seconds between two questions at least
   */
  constructor(probe, { minimum = 5 } = {}) {
    super();
    this.probe = probe;
    this.minimum = minimum;
    addEventListener("online", () => this.#wake());
    document.addEventListener("visibilitychange", () => this.#wake());
  }

  /**
   * As the browser's fetch: the answer is passed on, whatever it is.
   * @param {RequestInfo | URL} input
   * @param {RequestInit} [init]
   * @returns {Promise<Response>}
   */
  async fetch(input, init) {
    const asked = performance.now();
    const response = await fetch(input, init);
    if (isMaintenance(response)) this.#enter(await readNotice(response));
    // What was asked before the notice proves nothing: it may have been under way.
    else if (response.ok && asked > this.#noticed) this.#leave();
    return response;
  }

  /** @param {Notice} notice */
  #enter(notice) {
    const wait = Math.max(notice.retryAt ? notice.retryAt.getTime() - Date.now() : 0, this.minimum * 1000);
    // Jitter, later and never sooner, so that all pages do not come back at once.
    this.#due = Date.now() + wait + Math.random() * Math.min(wait / 4, 30_000);
    this.#sleep();
    this.#noticed = performance.now();
    const known = this.notice;
    this.notice = notice;
    if (known?.message !== notice.message || known?.retryAt?.getTime() !== notice.retryAt?.getTime()) this.#tell();
  }

  #leave() {
    clearTimeout(this.#timer);
    if (!this.notice) return;
    this.notice = null;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("change", { detail: this.notice }));
  }

  #sleep() {
    clearTimeout(this.#timer);
    // Browsers' timers end at 24 days: long waits are slept in parts.
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(this.#due - Date.now(), 0), 3_600_000));
  }

  async #wake() {
    if (!this.notice || this.#asking || document.hidden || !navigator.onLine) return;
    if (Date.now() < this.#due) return this.#sleep();
    this.#asking = true;
    this.#due = Date.now() + this.minimum * 1000 * (1 + Math.random()); // unless the answer says later
    try {
      await this.fetch(this.probe, { cache: "no-store" });
    } catch {
      // No network, or an error that cannot be read: not back yet.
    } finally {
      this.#asking = false;
      if (this.notice) this.#sleep();
    }
  }
}

/**
 * Tells the maintenance answer from a 503 of the API's own, by its marker.
 * @param {Response} response
 */
export function isMaintenance(response) {
  return response.status === 503 && response.headers.get("X-Maintenance-Mode") === "on";
}

/**
 * @param {Response} response
 * @returns {Promise<Notice>}
 */
async function readNotice(response) {
  const problem = await response.clone().json().catch(() => ({})); // a HEAD has no body
  const after = response.headers.get("Retry-After") ?? problem.retry_at ?? problem.retry_after ?? "";
  const at = /^\d+$/.test(String(after)) ? Date.now() + Number(after) * 1000 : Date.parse(after);
  return { message: problem.message ?? "", retryAt: Number.isNaN(at) ? null : new Date(at) };
}

import { pathOf } from "../core.js";

/** Addresses that the server tells of events, and what became of each telling. */
export class Webhooks {
  #core;

  constructor(core) {
    this.#core = core;
  }

  list(query, options) {
    return this.#core.pager(pathOf("webhooks"), query, options);
  }

  create(webhook, options) {
    return this.#core.model({ method: "POST", path: pathOf("webhooks"), json: webhook }, options);
  }

  get(webhookId, options) {
    return this.#core.model({ method: "GET", path: pathOf("webhooks", webhookId) }, options);
  }

  update(webhookId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("webhooks", webhookId), json: changes }, options);
  }

  delete(webhookId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("webhooks", webhookId) }, options);
  }

  /** Sends a trial event now, and tells how that went. */
  test(webhookId, options) {
    return this.#core.model({ method: "POST", path: pathOf("webhooks", webhookId, "test") }, options);
  }

  deliveries(webhookId, query, options) {
    return this.#core.pager(pathOf("webhooks", webhookId, "deliveries"), query, options);
  }

  /** Makes a delivery due now, whatever became of it before. */
  retryDelivery(webhookId, deliveryId, options) {
    const path = pathOf("webhooks", webhookId, "deliveries", deliveryId, "retry");
    return this.#core.model({ method: "POST", path }, options);
  }
}

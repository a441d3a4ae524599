export { AINexLayer, DEFAULT_BASE_URL } from "./client.js";
export { DocumentContent } from "./content.js";
export {
  AINexLayerError, APIConnectionError, APIError, APITimeoutError, AuthenticationError, BadRequestError,
  ConflictError, NotFoundError, NotModified, PayloadTooLargeError, PermissionDeniedError,
  PreconditionFailedError, RangeNotSatisfiableError, RateLimitError, ServerError, ServiceUnavailableError,
  UnprocessableError, UnsupportedMediaTypeError, ValidationError, WebhookVerificationError,
} from "./errors.js";
export { Pager } from "./pager.js";
export { MemoryTokenStore } from "./session.js";
export { ChatStream } from "./stream.js";
export { VERSION } from "./version.js";
export { verifyWebhook } from "./webhooks.js";

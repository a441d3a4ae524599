export interface ErrorFields {
  code?: string;
  status?: number;
  details?: Record<string, unknown>;
  requestId?: string;
  retryAfter?: number;
  cause?: unknown;
}

/** The base of everything that this package throws on purpose. */
export class AINexLayerError extends Error {
  constructor(message: string, fields?: ErrorFields);
  /** The server's word for it (`NOT_FOUND`), or `CONNECTION_ERROR`, `TIMEOUT`, `CLOSED`, `NOT_LOGGED_IN`,
   * `UNEXPECTED_ANSWER` or `WEBHOOK_INVALID`. */
  readonly code: string;
  /** The HTTP status; undefined when no answer came. */
  readonly status?: number;
  /** What the server adds to the message; empty when it adds nothing. */
  readonly details: Record<string, unknown>;
  /** What the server's log knows the request by. */
  readonly requestId?: string;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter?: number;
  /** The invalid fields and why, for an answer that names them. */
  get fieldErrors(): Record<string, string>;
}

/** No whole answer came: the server could not be reached, or the connection broke. */
export class APIConnectionError extends AINexLayerError {}
/** The server took longer than the timeout. */
export class APITimeoutError extends APIConnectionError {}
/** A webhook that this server did not sign, or not now. */
export class WebhookVerificationError extends AINexLayerError {}
/** The server answered with an error. */
export class APIError extends AINexLayerError {}
/** 304: what the caller has (`ifNoneMatch`) is current. */
export class NotModified extends APIError {}
/** 400: not the shape that the endpoint takes. */
export class BadRequestError extends APIError {}
/** 401: no credentials, wrong ones, or ones that ended. */
export class AuthenticationError extends APIError {}
/** 403: role, scope or membership does not allow it. */
export class PermissionDeniedError extends APIError {}
/** 404: not there, or not for this caller. */
export class NotFoundError extends APIError {}
/** 409: it contradicts what is there. */
export class ConflictError extends APIError {}
/** 412: the resource is no longer the one of `ifMatch`. */
export class PreconditionFailedError extends APIError {}
/** 413: more bytes than the installation takes. */
export class PayloadTooLargeError extends APIError {}
/** 415: a type that cannot be read. */
export class UnsupportedMediaTypeError extends APIError {}
/** 416: the range lies outside the document. */
export class RangeNotSatisfiableError extends APIError {}
/** 422: well-formed, but it breaks a rule. */
export class UnprocessableError extends APIError {}
/** 422 `VALIDATION_ERROR`: see `fieldErrors`. */
export class ValidationError extends UnprocessableError {}
/** 429: too many requests; see `retryAfter`. */
export class RateLimitError extends APIError {}
/** 5xx: the server's fault. */
export class ServerError extends APIError {}
/** 503: busy, or its model is out of reach; see `retryAfter`. */
export class ServiceUnavailableError extends ServerError {}

/** The base of everything that this package throws on purpose. */
export class AINexLayerError extends Error {
  constructor(message, { code, status, details, requestId, retryAfter, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.status = status;
    this.details = details ?? {};
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** The invalid fields and why, for an answer that names them. */
  get fieldErrors() {
    const listed = Array.isArray(this.details.errors) ? this.details.errors : [this.details];
    return Object.fromEntries(listed.filter((item) => item?.field).map((item) => [item.field, item.reason ?? ""]));
  }
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

const BY_STATUS = new Map([
  [304, NotModified], [400, BadRequestError], [401, AuthenticationError], [403, PermissionDeniedError],
  [404, NotFoundError], [409, ConflictError], [412, PreconditionFailedError], [413, PayloadTooLargeError],
  [415, UnsupportedMediaTypeError], [416, RangeNotSatisfiableError], [422, UnprocessableError],
  [429, RateLimitError], [503, ServiceUnavailableError],
]);

/** The error that an answer stands for; `body` is what was parsed of it, whatever that is. */
export function errorOf(status, body, { requestId, retryAfter } = {}) {
  const said = isObject(body?.error) ? body.error : {};
  const code = said.code ?? (status === 304 ? "NOT_MODIFIED" : `HTTP_${status}`);
  let Kind = BY_STATUS.get(status) ?? (status >= 500 ? ServerError : APIError);
  if (code === "VALIDATION_ERROR") Kind = ValidationError;
  return new Kind(said.message ?? `The server answered with status ${status}`, {
    code, status, retryAfter, requestId: said.requestId ?? requestId,
    details: isObject(said.details) ? said.details : undefined,
  });
}

export function unexpectedAnswer(what, more = {}) {
  return new AINexLayerError(what, { code: "UNEXPECTED_ANSWER", ...more });
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The base class of this package's errors. */
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

  /** The invalid fields and the reasons, if the server named them. */
  get fieldErrors() {
    const listed = Array.isArray(this.details.errors) ? this.details.errors : [this.details];
    return Object.fromEntries(listed.filter((item) => item?.field).map((item) => [item.field, item.reason ?? ""]));
  }
}

/** There was no complete answer: the server was unreachable, or the connection broke. */
export class APIConnectionError extends AINexLayerError {}
/** The server took longer than the timeout. */
export class APITimeoutError extends APIConnectionError {}
/** A webhook with a wrong signature, or one that is too old. */
export class WebhookVerificationError extends AINexLayerError {}
/** The server answered with an error. */
export class APIError extends AINexLayerError {}
/** 304: the caller's version (`ifNoneMatch`) is current. */
export class NotModified extends APIError {}
/** 400: the request is malformed. */
export class BadRequestError extends APIError {}
/** 401: the credentials are missing, wrong or expired. */
export class AuthenticationError extends APIError {}
/** 403: the role, scope or membership does not allow it. */
export class PermissionDeniedError extends APIError {}
/** 404: it does not exist, or the caller has no access to it. */
export class NotFoundError extends APIError {}
/** 409: it conflicts with existing data. */
export class ConflictError extends APIError {}
/** 412: the resource has changed since `ifMatch`. */
export class PreconditionFailedError extends APIError {}
/** 413: the body is larger than the installation allows. */
export class PayloadTooLargeError extends APIError {}
/** 415: the server cannot read this type. */
export class UnsupportedMediaTypeError extends APIError {}
/** 416: the range is outside the document. */
export class RangeNotSatisfiableError extends APIError {}
/** 422: the request is well-formed but breaks a rule. */
export class UnprocessableError extends APIError {}
/** 422 `VALIDATION_ERROR`: see `fieldErrors`. */
export class ValidationError extends UnprocessableError {}
/** 429: too many requests; see `retryAfter`. */
export class RateLimitError extends APIError {}
/** 5xx: the server's fault. */
export class ServerError extends APIError {}
/** 503: the server is busy, or cannot reach its model; see `retryAfter`. */
export class ServiceUnavailableError extends ServerError {}

const BY_STATUS = new Map([
  [304, NotModified], [400, BadRequestError], [401, AuthenticationError], [403, PermissionDeniedError],
  [404, NotFoundError], [409, ConflictError], [412, PreconditionFailedError], [413, PayloadTooLargeError],
  [415, UnsupportedMediaTypeError], [416, RangeNotSatisfiableError], [422, UnprocessableError],
  [429, RateLimitError], [503, ServiceUnavailableError],
]);

/** The error for an answer. `body` is its parsed body, which may be anything. */
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

import FunctionRuntime

// The parts of the runtime that endpoints with responses of their own need.

public typealias Response = FunctionRuntime.Response
public typealias ResponseStream = FunctionRuntime.ResponseStream
/// A file of a form.
public typealias UploadedFile = MultipartForm.Part

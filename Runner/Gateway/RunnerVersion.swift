/// The version of the runner.
package let runnerVersion = "0.1.0"

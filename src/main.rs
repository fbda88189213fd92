//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    baocao::cli::main()
}

using Talweg.Cli;
using Talweg.Cli.Host;

return FileHandles.Suffice() ? Start.Run(args) : ExitCode.Mistake;

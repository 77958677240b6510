using Talweg.Cli;
using Talweg.Studies;

var terminal = Terminal.OfProcess();
using var interruption = new Interruption(terminal.Error);
var session = new Session(args, terminal, () => StudyCatalogue.Standard, interruption.Cancellation);
return CommandLine.Run(session);

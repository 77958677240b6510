using System.CommandLine;
using Talweg.Cli.Host;
using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;
using Talweg.Studies.Running;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg report DIR</c>: concludes and draws again from the cells of a run, measuring nothing.</summary>
internal static class ReportCommand
{
    public static Command Of(Session session)
    {
        var folder = new Argument<string>(GivenTexts.Folder) { Description = "Run folder" };
        var json = CommonOptions.Json();
        var command = new Command("report", "Draw a run's figures and report again from its finished cells") { folder, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            var outcome = LastingWork.Run(() => Report(session, path), session.Cancellation);
            StudyOutput.Print(session, parsed.GetValue(json), outcome, path);
            return ExitCode.Success;
        });
        return command;
    }

    private static RunOutcome Report(Session session, string path)
    {
        var record = RunRecord.Read(path) ?? throw new InputException(path, "study.json", "nothing there", "a folder that `talweg run` wrote");
        var runner = new StudyRunner(session.Studies().Get(record.Study));
        TorchSetup.Prepare(threads: 1);
        return runner.Report(path, session.Cancellation);
    }
}

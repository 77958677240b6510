using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Studies.Running;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg run STUDY</c>: runs a study, or goes on with it.</summary>
internal static class RunCommand
{
    public static Command Of(Session session)
    {
        var name = new Argument<string>("STUDY") { Description = "Study (`talweg list`)" };
        var preset = new Option<string?>("--preset") { Description = "Named settings: quick or paper (default: the study's first)", HelpName = "NAME" };
        var data = new Option<string?>("--data") { Description = "Data set; the same as --set data=NAME", HelpName = "NAME" };
        var root = DataOptions.RootOption();
        var set = new Option<string[]>("--set") { Description = "Set a parameter (`talweg show STUDY`); may be repeated", HelpName = "key=value", DefaultValueFactory = _ => [] };
        var output = new Option<string?>("--out") { Description = "Run folder (default: runs/STUDY-PRESET); what is there goes on", HelpName = "DIR" };
        var fresh = new Option<bool>("--fresh") { Description = "Delete what an earlier run left in the folder" };
        var threads = LandscapeOptions.ThreadsOption();
        var json = CommonOptions.Json();
        var command = new Command("run", "Run a study, or go on with an interrupted run") { name, preset, data, root, set, output, fresh, threads, json };
        command.SetAction(parsed =>
        {
            var study = session.Studies().Get(parsed.GetRequiredValue(name));
            string settings = parsed.GetValue(preset) ?? study.Presets[0].Name;
            var request = new RunRequest
            {
                Preset = settings,
                Output = parsed.GetValue(output) ?? Path.Combine("runs", $"{study.Name}-{settings}"),
                Overrides = [.. parsed.GetValue(data) is { } chosen ? (string[])[$"data={chosen}"] : [], .. parsed.GetValue(set)!],
                Fresh = parsed.GetValue(fresh),
                DataRoot = parsed.GetValue(root),
                Cores = parsed.GetValue(threads),
                CommandLine = session.CommandText(without: "--fresh"),
                DataFound = data => DataNote.Of(data).Tell(session.Terminal),
            };
            _ = Parameters.Resolve(study, settings, request.Overrides);   // a mistake is told before libtorch is loaded
            var outcome = Run(session, study, request);
            foreach (string cell in outcome.MeasuredAgain)
                session.Terminal.Error.WriteLine($"talweg: {cell}");
            StudyOutput.Print(session, parsed.GetValue(json), outcome, request.Output);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Runs the study with progress on standard error.</summary>
    private static RunOutcome Run(Session session, IStudy study, RunRequest request)
    {
        TorchSetup.Prepare(threads: 1);
        return ProgressDisplay.During(session.Terminal, progress =>
            new StudyRunner(study).RunAsync(request, new StudyProgressRelay(progress), session.Cancellation).GetAwaiter().GetResult());
    }
}

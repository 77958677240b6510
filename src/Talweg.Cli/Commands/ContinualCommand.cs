using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Continual;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg continual</c>: learns one sequence of tasks by one method, in a folder from which it goes on.</summary>
internal static class ContinualCommand
{
    public static Command Of(Session session)
    {
        var options = new ContinualOptions();
        var output = new Option<string>("--out") { Description = "Folder for the weights after each task and the results; a run that is there goes on", HelpName = "DIR", Required = true };
        var overwrite = OutputFolder.OverwriteOption("a sequence");
        var threads = LandscapeOptions.ThreadsOption();
        var json = CommonOptions.Json();
        var command = new Command("continual", "Learn tasks one after the other, and see what is forgotten");
        options.AddTo(command);
        command.Add(output);
        command.Add(overwrite);
        command.Add(threads);
        command.Add(json);
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(output);
            OutputFolder.RequireOwn(folder, ContinualTrainer.IsSequence, "plan.json of a sequence", parsed.GetValue(overwrite));
            options.Check(parsed);
            TorchSetup.Prepare(threads: 1);
            var (run, note) = ProgressDisplay.During(session.Terminal, progress =>
            {
                var data = options.Data.Load(parsed, session, progress);
                var (plan, tasks) = options.Read(parsed, data);
                return (ContinualTrainer.Run(plan, tasks, folder, session.Work(parsed.GetValue(threads) ?? Environment.ProcessorCount, progress), parsed.GetValue(overwrite)), DataNote.Of(data));
            });
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(JsonText.Of(document => ContinualDocument.Write(document, run, note)));
            else
                ContinualTables.Write(session.Terminal.Console, run, folder);
            if (run.Divergence.Length == 0)
                return ExitCode.Success;
            session.Terminal.Error.WriteLine($"talweg: {run.Divergence}");
            return ExitCode.Mistake;
        });
        return command;
    }
}

using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg train</c>: one training run into a folder, from which it resumes.</summary>
internal static class TrainCommand
{
    public static Command Of(Session session)
    {
        var options = new TrainOptions();
        var output = new Option<string>("--out") { Description = "Folder for weights, trajectory and history; a run that is there goes on", HelpName = "DIR", Required = true };
        var overwrite = OutputFolder.OverwriteOption("a training");
        var json = CommonOptions.Json();
        var command = new Command("train", "Train a network by SGD or another optimizer, and record how its weights move");
        options.AddTo(command);
        command.Add(output);
        command.Add(overwrite);
        command.Add(json);
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(output);
            bool afresh = parsed.GetValue(overwrite);
            OutputFolder.RequireOwn(folder, TrainingFolder.IsTraining, "checkpoint.safetensors of a training", afresh);
            using var trained = ProgressDisplay.During(session.Terminal, progress => Train(session, options, parsed, folder, afresh, progress));
            trained.Save();
            Print(session, parsed.GetValue(json), trained);
            return trained.Run.Ending == Ending.Diverged ? ExitCode.Mistake : ExitCode.Success;
        });
        return command;
    }

    private static TrainedFolder Train(Session session, TrainOptions options, ParseResult parsed, string folder, bool afresh, IProgress<WorkProgress> progress)
    {
        var loaded = new Lazy<Dataset>(() => options.Data.Load(parsed, session, progress));
        var network = options.Network(parsed, () => loaded.Value);
        TrainingFolder? held = null;
        try
        {
            var data = loaded.Value;
            var scaling = options.Data.Scaling(parsed, data);
            var samples = new TrainingData(DataOptions.Samples(data.Train, scaling, network), DataOptions.Samples(data.Test, scaling, network));
            if (network is not FullyConnected)
                TorchSetup.Prepare(threads: 1);
            var plan = options.Plan(parsed, network, data, scaling);
            plan.Validate(samples.Train.Count);
            held = TrainingFolder.Open(folder);
            if (afresh)
                TrainedFolder.Clear(held);
            var run = Trainer.Run(plan, samples, held, session.Work(1, progress));
            return new(held, run, data, parsed.GetValue(options.Data.Standardise), scaling, parsed.GetValue(options.Data.Root));
        }
        catch
        {
            (network as IDisposable)?.Dispose();
            held?.Dispose();
            throw;
        }
    }

    private static void Print(Session session, bool json, TrainedFolder trained)
    {
        if (json)
            session.Terminal.Out.WriteLine(JsonText.Of(document => HistoryDocument.Write(document, trained)));
        else
            TrainingTables.Write(session.Terminal.Console, trained);
        if (trained.Run.Plan.Network is ModuleNetwork module)
        {
            session.Terminal.Error.WriteLine($"The model took samples as [{string.Join(", ", module.InputShape)}]; its weights began as --init draws them, not as the file has them.");
            foreach (string remark in module.Remarks)
                session.Terminal.Error.WriteLine($"Warning: {remark}");
        }

        if (trained.Run.Ending == Ending.Diverged)
            session.Terminal.Error.WriteLine($"talweg: {trained.Run.Verdict}");
    }
}

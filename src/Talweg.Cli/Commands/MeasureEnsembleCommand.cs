using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Noise;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg measure ensemble</c>: where every minibatch has its valley along directions, how curved and how deep it is.</summary>
internal static class MeasureEnsembleCommand
{
    public static Command Of(Session session)
    {
        var inputs = new LandscapeOptions();
        var minibatches = new MinibatchOptions();
        var json = CommonOptions.Json();
        var command = new Command("ensemble", "Minima, curvatures and losses of the minibatches' valleys along directions through trained weights");
        inputs.AddTo(command);
        minibatches.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var (sets, ensembles) = ProgressDisplay.During(session.Terminal, progress =>
            {
                var given = inputs.Read(parsed, session, progress);
                var sets = minibatches.Of(parsed, given.Samples.Count);
                using var landscape = given.Open();
                given.RequirePositiveLoss(landscape);
                int threads = parsed.GetValue(inputs.Threads) ?? Environment.ProcessorCount;
                return (sets, MinibatchEnsemble.Along(landscape, given.Directions, sets, session.Work(threads, progress)));
            });
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(MeasureJson.Ensemble(sets, ensembles));
            else
                NoiseTables.Ensemble(session.Terminal.Console, sets, ensembles);
            return ExitCode.Success;
        });
        return command;
    }
}

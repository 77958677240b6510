using System.CommandLine;
using Talweg.Cli.Inputs;
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
            var ((sets, ensembles), note) = inputs.Measure(parsed, session, (given, landscape, work) =>
            {
                var sets = minibatches.Of(parsed, given.Samples.Count);
                given.RequirePositiveLoss(landscape);
                return (sets, MinibatchEnsemble.Along(landscape, given.Directions, sets, work));
            });
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(MeasureJson.Ensemble(sets, ensembles, note));
            else
                NoiseTables.Ensemble(session.Terminal.Console, sets, ensembles);
            note.Write(session.Terminal, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}

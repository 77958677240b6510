using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;
using Talweg.Noise;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg measure temperature</c>: how strongly minibatches disagree about the slope along directions.</summary>
internal static class MeasureTemperatureCommand
{
    public static Command Of(Session session)
    {
        var inputs = new LandscapeOptions();
        var minibatches = new MinibatchOptions();
        var learningRate = Numbers.Above(0, "--learning-rate", "A", "Learning rate of SGD, to which the temperature is proportional", required: true);
        var displacements = MeasureTransectCommand.DisplacementsOption("(default: 0)", required: false);
        var json = CommonOptions.Json();
        var command = new Command("temperature", "Active temperature of minibatch noise along directions through trained weights");
        inputs.AddTo(command);
        minibatches.AddTo(command);
        command.Add(learningRate);
        command.Add(displacements);
        command.Add(json);
        command.SetAction(parsed =>
        {
            double[] points = parsed.GetValue(displacements) is { } text ? Displacements.Parse(text) : [0];
            double rate = parsed.GetValue(learningRate)!.Value;
            var ((sets, temperatures), note) = inputs.Measure(parsed, session, (given, landscape, work) =>
            {
                var sets = minibatches.Of(parsed, given.Samples.Count);
                given.RequireFiniteLoss(landscape);
                return (sets, ActiveTemperature.Along(landscape, given.Directions, sets, rate, points, work));
            });
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(MeasureJson.Temperature(sets, rate, points, temperatures, note));
            else
                NoiseTables.Temperature(session.Terminal.Console, sets, rate, temperatures);
            note.Write(session.Terminal, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using Talweg.Cli.Inputs;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Landscapes;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg measure flatness</c>: how wide the valley is along directions.</summary>
internal static class MeasureFlatnessCommand
{
    public static Command Of(Session session)
    {
        var inputs = new LandscapeOptions();
        var level = Numbers.Above(1, "--level", "X", "Bound the valley at X times the loss at the weights (default: e)");
        var json = CommonOptions.Json();
        var command = new Command("flatness", "Width of the loss valley along directions through trained weights");
        inputs.AddTo(command);
        command.Add(level);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var options = new FlatnessOptions { Level = parsed.GetValue(level) ?? Math.E };
            var widths = ProgressDisplay.During(session.Terminal, progress =>
            {
                var given = inputs.Read(parsed, session, progress);
                using var landscape = given.Open();
                RequirePositive(landscape, given.WeightsPath);
                int threads = parsed.GetValue(inputs.Threads) ?? Environment.ProcessorCount;
                return Flatness.Along(landscape, given.Directions, options, session.Work(threads, progress));
            });
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(MeasureJson.Flatness(options.Level, widths));
            else
                MeasureTables.Flatness(session.Terminal.Console, options.Level, widths);
            return ExitCode.Success;
        });
        return command;
    }

    private static void RequirePositive(Landscape landscape, string weights)
    {
        if (!(landscape.LossAtOrigin > 0 && double.IsFinite(landscape.LossAtOrigin)))
            throw new InputException(weights, "loss at these weights", landscape.LossAtOrigin.ToString(CultureInfo.InvariantCulture), "a positive number, of which a multiple bounds the valley");
    }
}

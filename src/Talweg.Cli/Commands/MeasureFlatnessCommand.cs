using System.CommandLine;
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
                given.RequirePositiveLoss(landscape);
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
}

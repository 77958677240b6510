using System.CommandLine;
using Talweg.Cli.Inputs;
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
            var (widths, note) = inputs.Measure(parsed, session, (given, landscape, work) =>
            {
                given.RequirePositiveLoss(landscape);
                return Flatness.Along(landscape, given.Directions, options, work);
            });
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(MeasureJson.Flatness(options.Level, widths, note));
            else
                MeasureTables.Flatness(session.Terminal.Console, options.Level, widths);
            note.Write(session.Terminal, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}

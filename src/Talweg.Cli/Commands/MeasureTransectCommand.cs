using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;
using Talweg.Landscapes;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg measure transect</c>: loss and slope along directions.</summary>
internal static class MeasureTransectCommand
{
    public static Command Of(Session session)
    {
        var inputs = new LandscapeOptions();
        var displacements = DisplacementsOption();
        var json = CommonOptions.Json();
        var command = new Command("transect", "Loss and its slope along directions through trained weights");
        inputs.AddTo(command);
        command.Add(displacements);
        command.Add(json);
        command.SetAction(parsed =>
        {
            double[] points = Displacements.Parse(parsed.GetRequiredValue(displacements));
            var (profiles, note) = inputs.Measure(parsed, session, (given, landscape, work) => Transects.Along(landscape, given.Directions, points, withSlopes: true, work));
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(MeasureJson.Transect(points, profiles, note));
            else
                MeasureTables.Transect(session.Terminal.Console, points, profiles);
            note.Write(session.Terminal, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The option <c>--displacements</c>, for <see cref="Displacements.Parse"/>.</summary>
    public static Option<string> DisplacementsOption(string remark = "", bool required = true) => new("--displacements")
    {
        Description = $"Lengths along each direction: FIRST:LAST:COUNT, or numbers separated by commas {remark}".TrimEnd(),
        HelpName = "LIST",
        Required = required,
    };
}

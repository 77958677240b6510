using System.CommandLine;
using Spectre.Console;
using Talweg.Cli.Rendering;
using Talweg.Studies.Running;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg show STUDY</c>: presets, parameters and claims of a study.</summary>
internal static class ShowCommand
{
    public static Command Of(Session session)
    {
        var name = new Argument<string>("STUDY") { Description = "Study (`talweg list`)" };
        var command = new Command("show", "A study's presets, parameters and claims") { name };
        command.SetAction(parsed =>
        {
            Print(session.Terminal.Console, session.Studies().Get(parsed.GetRequiredValue(name)));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, IStudy study)
    {
        console.Line($"{study.Name}: {study.Title}");
        console.Line($"{study.Source.Authors}, {study.Source.Reference}, {study.Source.Figures}");
        console.Line($"Claims: {string.Join(", ", study.Claims)}");
        var presets = Tables.OfWords("preset", "what it does", "sets");
        foreach (var preset in study.Presets)
            presets.Add(preset.Name, preset.Help, string.Join(" ", preset.Values.Select(v => $"{v.Key}={v.Value}")));
        console.Write(presets);
        var parameters = Tables.OfWords("parameter", "default", "what it means");
        foreach (var parameter in study.Parameters)
            parameters.Add(parameter.Name, parameter.Default, parameter.Choices.Count > 0 ? $"{parameter.Help} ({string.Join(", ", parameter.Choices)})" : parameter.Help);
        console.Write(parameters);
        console.Line($"Run it with: talweg run {study.Name} --preset {study.Presets[0].Name} [--set parameter=value]");
    }
}

using System.CommandLine;
using Talweg.Cli.Rendering;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg list</c>: the studies.</summary>
internal static class ListCommand
{
    public static Command Of(Session session)
    {
        var command = new Command("list", "The studies that can be run");
        command.SetAction(_ =>
        {
            var studies = session.Studies().Studies;
            if (studies.Count == 0)
            {
                session.Terminal.Out.WriteLine("No study is registered.");
                return ExitCode.Success;
            }

            var table = Tables.OfWords("study", "what it finds out", "claims", "source");
            foreach (var study in studies)
                table.Add(study.Name, study.Title, string.Join(", ", study.Claims), $"{study.Source.Authors}, {study.Source.Reference}");
            session.Terminal.Console.Write(table);
            session.Terminal.Console.Line("`talweg show STUDY` tells more; `talweg run STUDY` runs its first preset.");
            return ExitCode.Success;
        });
        return command;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using Talweg.Cli.Inputs;

namespace Talweg.Cli.Commands;

/// <summary>The command <c>talweg</c> itself: its subcommands, and what holds for all of them.</summary>
internal static class TalwegCommand
{
    /// <summary>Whether to print stack traces.</summary>
    public static Option<bool> Debug { get; } = new("--debug") { Description = "Print stack traces of failures", Recursive = true };

    public static RootCommand Of(Session session)
    {
        var root = new RootCommand("Talweg measures how training moves through weight space, and what landscape it moves on.")
        {
            RunCommand.Of(session),
            ListCommand.Of(session),
            ShowCommand.Of(session),
            ReportCommand.Of(session),
            TrainCommand.Of(session),
            ContinualCommand.Of(session),
            MeasureCommand.Of(session),
            DataCommand.Of(session),
            DoctorCommand.Of(session),
        };
        root.HelpName = "talweg";
        root.Add(Debug);
        GivenTexts.Check(root);
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }
}

using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;
using Talweg.Data;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg data …</c>: which data sets there are, where they lie, and whether they are sound.</summary>
internal static class DataCommand
{
    public static Command Of(Session session) => new("data", "List, fetch and check data sets") { List(session), Get(session), Check(session) };

    private static Command List(Session session)
    {
        var root = DataOptions.RootOption();
        var command = new Command("list", "The data sets, and where they lie") { root };
        command.SetAction(parsed =>
        {
            var table = Tables.OfWords("data set", "what it is", "where");
            foreach (var status in Datasets.InspectAll(parsed.GetValue(root)))
                table.Add(status.Name, status.Title, Where(status));
            session.Terminal.Console.Write(table);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Get(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "Data set" };
        var root = DataOptions.RootOption();
        var command = new Command("get", "Make sure that a data set is at hand: find it, or download or draw it") { name, root };
        command.SetAction(parsed =>
        {
            string set = parsed.GetRequiredValue(name);
            var data = ProgressDisplay.During(session.Terminal, progress => Datasets.Load(set, parsed.GetValue(root), progress, session.Cancellation));
            session.Terminal.Out.WriteLine($"{set}: {data.Train.Count} training and {data.Test.Count} test images: {data.Source}");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Check(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "Data set (default: all that are at hand)", Arity = ArgumentArity.ZeroOrOne };
        var root = DataOptions.RootOption();
        var command = new Command("check", "Read data sets, count images and compare checksums") { name, root };
        command.SetAction(parsed =>
        {
            var found = parsed.GetValue(name) is { } one
                ? [Datasets.Inspect(one, parsed.GetValue(root))]
                : Datasets.InspectAll(parsed.GetValue(root)).Where(s => s.Presence == DatasetPresence.Present).Select(s => Datasets.Inspect(s.Name, parsed.GetValue(root))).ToList();
            foreach (var status in found)
                session.Terminal.Out.WriteLine(Verdict(status));
            if (found.Count == 0)
                session.Terminal.Out.WriteLine("No data set is at hand; `talweg data get NAME` fetches one.");
            return found.Any(status => status.Problem is not null || status.Presence == DatasetPresence.Missing) ? ExitCode.Mistake : ExitCode.Success;
        });
        return command;
    }

    private static string Where(DatasetStatus status) => status.Presence switch
    {
        DatasetPresence.Present => status.Remark is { } remark ? $"{status.Folder} ({remark})" : status.Folder!,
        DatasetPresence.ToDraw => "drawn at first use",
        DatasetPresence.Missing => status.Remark!,
        _ => "downloaded at first use",
    };

    private static string Verdict(DatasetStatus status)
    {
        if (status.Presence != DatasetPresence.Present)
            return $"{status.Name}: not at hand; {Where(status)}";
        if (status.Problem is not null)
            return $"{status.Name}: {status.Problem}";
        string published = status.Published switch
        {
            ChecksumVerdict.Matches => "; the files are the published ones",
            ChecksumVerdict.Differs => "; the files differ from the published ones",
            ChecksumVerdict.Unknown when status.Remark is not null => "",
            ChecksumVerdict.Unknown => "; not in the form that the published checksums cover",
            _ => "",
        };
        return $"{status.Name}: {status.TrainCount} training and {status.TestCount} test images: {status.Source}; checksum {status.Checksum![..12]}{published}";
    }
}

using System.CommandLine;
using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;
using Talweg.Trajectories;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg measure modes</c>: the principal modes of a recorded trajectory.</summary>
internal static class MeasureModesCommand
{
    public static Command Of(Session session)
    {
        var trajectory = new Option<string>("--trajectory") { Description = "Recorded weights: safetensors with one tensor `weights` [iterations, N]", HelpName = "FILE", Required = true };
        var window = new Option<string?>("--window") { Description = "Iterations to take, counted from 0 (default: all)", HelpName = "FIRST:COUNT" };
        var directions = new Option<string?>("--save-directions") { Description = "Write the modes' directions there: safetensors, `directions` [K, N] in double precision", HelpName = "FILE" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file of --save-directions, whatever it is (default: only directions that this command wrote)" };
        var count = Numbers.Whole("--modes", "K", "List and save the first K modes only (default: list 10, save all)", 1);
        var threads = LandscapeOptions.ThreadsOption();
        var json = CommonOptions.Json();
        var command = new Command("modes", "Principal modes: variances and directions of the weights' motion") { trajectory, window, directions, overwrite, count, threads, json };
        command.SetAction(parsed =>
        {
            var motion = Read(parsed.GetRequiredValue(trajectory), parsed.GetValue(window));
            TorchSetup.Prepare(parsed.GetValue(threads) ?? Environment.ProcessorCount);
            string? file = parsed.GetValue(directions);
            if (file is not null && Target(file) == Target(parsed.GetRequiredValue(trajectory)))
                throw new InputException("--save-directions", "file", "the trajectory itself", "another file, for this one would be lost");
            if (file is not null)
                DirectionsFile.RequireOwn("--save-directions", file, parsed.GetValue(overwrite));
            // Whatever memory it takes: the document has all variances, which a sketch does not give.
            var modes = PrincipalModes.Of(motion, Wanted(motion, file, parsed.GetValue(count)), new() { Memory = long.MaxValue });
            session.Cancellation.ThrowIfCancellationRequested();
            if (file is not null)
                DirectionsFile.Write(file, modes.Directions, modes.Dimension);
            Print(session, parsed.GetValue(json), modes, motion.Iterations, parsed.GetValue(count), file);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The file that a path, or a link there, leads to.</summary>
    private static string Target(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : Path.GetFullPath(path);

    private static Window Read(string path, string? window)
    {
        using var trajectory = Trajectory.Open(path);
        var motion = WindowText.Read(trajectory, window);
        return motion.Iterations == 1 || motion.Moves
            ? motion
            : throw new InputException(path, "motion", $"none: all {motion.Iterations} iterations have the same {motion.Dimension} weights", "weights that move, for modes are the directions in which they do; was anything trained in this window?");
    }

    /// <summary>How many directions to find: one where none is kept, for the library finds at least one.</summary>
    private static int Wanted(Window window, string? file, int? count)
    {
        int most = Math.Min(window.Iterations, window.Dimension);
        if (count > most)
            throw new InputException("--modes", "value", $"{count}", $"1 to {most}, the smaller of {window.Iterations} iterations and {window.Dimension} weights");
        if (file is null)
            return 1;
        long fit = int.MaxValue / sizeof(double) / window.Dimension;
        if ((count ?? most) > fit)
            throw new InputException("--modes", "value", $"{count ?? most} modes of {window.Dimension} weights", $"at most {fit}, to hold them in memory");
        return count ?? most;
    }

    private static void Print(Session session, bool json, PrincipalModes modes, int iterations, int? count, string? file)
    {
        if (json)
        {
            session.Terminal.Out.WriteLine(MeasureJson.Modes(modes, iterations));
            return;
        }

        MeasureTables.Modes(session.Terminal.Console, modes, iterations, count);
        if (file is not null)
            session.Terminal.Console.Line($"{modes.Count} directions of {modes.Dimension} weights written to {file}");
    }
}

using System.Text.RegularExpressions;

namespace Talweg.Mutate;

/// <summary>Wakes one mutant after another and runs the tests that could notice.</summary>
internal sealed partial class Trial(Copy copy, Coverage coverage)
{
    /// <summary>The fate of one mutant.</summary>
    public Result Try(Mutant mutant)
    {
        var portions = coverage.Tests(mutant);
        foreach (var (arguments, time) in portions)
        {
            var (code, text) = TestProgram.Run(copy, mutant.Room.Tests, arguments, 5 * time + TimeSpan.FromMinutes(1), ("TALWEG_MUTANT", $"{mutant.Number}"));
            if (code is null)
                return Ended(mutant, Fate.TimedOut);
            if (code != 0)
                return Ended(mutant, Fate.Caught, FailedTest().Match(text) is { Success: true } failed ? failed.Groups[1].Value : "the test program ended");
        }

        return Ended(mutant, portions.Count == 0 ? Fate.NotRun : Fate.Survived);
    }

    /// <summary>The result of a mutant without a trial.</summary>
    public static Result Ended(Mutant mutant, Fate fate, string test = "") => new(mutant.Room.Name, mutant.File, mutant.Line, mutant.Change, mutant.Source, fate, test.Trim());

    [GeneratedRegex(@"^failed (.*?) \(", RegexOptions.Multiline)]
    private static partial Regex FailedTest();
}

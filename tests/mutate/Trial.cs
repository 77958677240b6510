using System.Text.RegularExpressions;

namespace Talweg.Mutate;

/// <summary>Wakes one mutant after another and runs the tests that could notice.</summary>
internal sealed partial class Trial(Copy copy, Coverage coverage)
{
    // Exit codes of Microsoft's testing platform.
    private const int NoTests = 8, BadArguments = 5;

    /// <summary>The fate of one mutant.</summary>
    public Result Try(Mutant mutant)
    {
        var portions = coverage.Tests(mutant);
        foreach (var (arguments, time) in portions)
        {
            var (code, text) = TestProgram.Run(copy, mutant.Room.Tests, arguments, 5 * time + TimeSpan.FromMinutes(1), ("TALWEG_MUTANT", $"{mutant.Number}"));
            if (code is null)
                return Ended(mutant, Fate.TimedOut);
            if (FailedTest().Match(text) is { Success: true } failed)
                return Ended(mutant, Fate.Caught, failed.Groups[1].Value);
            if (code is NoTests or BadArguments)
                throw new InvalidOperationException($"The tests of {mutant.File}:{mutant.Line} could not be run: {text}");
            if (code != 0)
                return Ended(mutant, Fate.Caught, $"the test program ended with {code}");
        }

        return Ended(mutant, portions.Count == 0 ? Fate.NotRun : Fate.Survived);
    }

    /// <summary>The result of a mutant without a trial.</summary>
    public static Result Ended(Mutant mutant, Fate fate, string test = "") => new(mutant.Room.Name, mutant.File, mutant.Line, mutant.Change, mutant.Source, fate, test.Trim());

    [GeneratedRegex(@"^failed (.*?) \(", RegexOptions.Multiline)]
    private static partial Regex FailedTest();
}

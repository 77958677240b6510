using System.Diagnostics;
using System.Reflection;
using Xunit.v3;

[assembly: Talweg.Mutate.RecordCoverage]

namespace Talweg.Mutate;

/// <summary>Writes, for every test, which mutants' code it ran: "class method milliseconds 3 17 240", a line a test. Meant for a run without parallel tests.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class RecordCoverageAttribute : BeforeAfterTestAttribute
{
    private static readonly string? File = Environment.GetEnvironmentVariable("TALWEG_MUTANT_COVERAGE");
    private static int[] _setup = [];
    private static long _start;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (File is null)
            return;
        _setup = ActiveMutant.Take();   // constructors and fixtures: they count for the test that made them run, and for its class
        _start = Stopwatch.GetTimestamp();
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (File is null)
            return;
        string name = test.TestCase.TestClassName!;
        Line(name, test.TestMethod.MethodName, Stopwatch.GetElapsedTime(_start), ActiveMutant.Take());
        if (_setup.Length > 0)
            Line(name, "*", TimeSpan.Zero, _setup);
    }

    private static void Line(string name, string method, TimeSpan time, int[] mutants) =>
        System.IO.File.AppendAllText(File!, $"{name} {method} {time.TotalMilliseconds:F0} {string.Join(' ', mutants)}\n");
}

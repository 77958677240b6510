using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace Talweg.Tests;

/// <summary>A theory that takes minutes: it is found only where TALWEG_SLOW is set, so that the usual run is quick and skips nothing.</summary>
[XunitTestCaseDiscoverer(typeof(SlowTheoryDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlowTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber);

/// <summary>Finds the slow theories' cases, or none.</summary>
public sealed class SlowTheoryDiscoverer : TheoryDiscoverer
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TALWEG_SLOW")) ? new([]) : base.Discover(discoveryOptions, testMethod, factAttribute);
}

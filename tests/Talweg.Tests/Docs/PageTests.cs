using Talweg.Data;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Docs;

/// <summary>What the examples of the pages are given: samples, and a folder.</summary>
public abstract class PageTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    /// <summary>Named as on the pages.</summary>
    private protected readonly LabelledSamples train = SmallNetworks.Clouds(300, 784, 10, 1), test = SmallNetworks.Clouds(60, 784, 10, 2);

    public void Dispose()
    {
        _temporary.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A path in a folder of the test's own.</summary>
    protected string Temporary(string name) => _temporary[name];
}

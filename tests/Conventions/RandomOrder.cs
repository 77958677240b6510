using Talweg.Conventions;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(RandomOrder))]
[assembly: TestClassOrderer(typeof(RandomOrder))]
[assembly: TestMethodOrderer(typeof(RandomOrder))]
[assembly: TestCaseOrderer(typeof(RandomOrder))]

namespace Talweg.Conventions;

/// <summary>Tests run in an order that the seed alone decides, at every level: another seed, another order.</summary>
public sealed class RandomOrder : ITestCollectionOrderer, ITestClassOrderer, ITestMethodOrderer, ITestCaseOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection => By(testCollections, collection => collection.UniqueID);

    public IReadOnlyCollection<T?> OrderTestClasses<T>(IReadOnlyCollection<T?> testClasses)
        where T : notnull, ITestClass => By(testClasses, one => one?.UniqueID);

    public IReadOnlyCollection<T?> OrderTestMethods<T>(IReadOnlyCollection<T?> testMethods)
        where T : notnull, ITestMethod => By(testMethods, method => method?.UniqueID);

    public IReadOnlyCollection<T> OrderTestCases<T>(IReadOnlyCollection<T> testCases)
        where T : notnull, ITestCase => By(testCases, one => one.UniqueID);

    private static List<T> By<T>(IEnumerable<T> tests, Func<T, string?> id) => [.. tests.OrderBy(test => TestSeed.Of(id(test) ?? "", TestSeed.Value))];
}

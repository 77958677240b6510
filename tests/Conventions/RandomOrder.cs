using Talweg.Conventions;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(RandomOrder))]
[assembly: TestClassOrderer(typeof(RandomOrder))]
[assembly: TestMethodOrderer(typeof(RandomOrder))]
[assembly: TestCaseOrderer(typeof(RandomOrder))]

namespace Talweg.Conventions;

/// <summary>Tests run in an order that their names and the seed alone decide, at every level: another seed, another order, the same in every checkout.</summary>
public sealed class RandomOrder : ITestCollectionOrderer, ITestClassOrderer, ITestMethodOrderer, ITestCaseOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection => By(testCollections, collection => collection.TestCollectionDisplayName);

    public IReadOnlyCollection<T?> OrderTestClasses<T>(IReadOnlyCollection<T?> testClasses)
        where T : notnull, ITestClass => By(testClasses, one => one?.TestClassName);

    public IReadOnlyCollection<T?> OrderTestMethods<T>(IReadOnlyCollection<T?> testMethods)
        where T : notnull, ITestMethod => By(testMethods, method => method?.MethodName);

    public IReadOnlyCollection<T> OrderTestCases<T>(IReadOnlyCollection<T> testCases)
        where T : notnull, ITestCase => By(testCases, one => one.TestCaseDisplayName);

    private static List<T> By<T>(IEnumerable<T> tests, Func<T, string?> name) => [.. tests.OrderBy(test => TestSeed.Of(name(test) ?? "", TestSeed.Value))];
}

using System.Reflection;
using System.Runtime.CompilerServices;

namespace Talweg.Tests.Conventions;

/// <summary>A result that is a record does not change after it was made.</summary>
public sealed class ResultRecordTests
{
    private static IEnumerable<Type> Records => typeof(InputException).Assembly.GetExportedTypes()
        .Where(type => type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null));

    [Fact]
    public void Public_records_are_found() => Assert.True(Records.Count() > 8);

    [Fact]
    public void Their_properties_are_init_only_and_their_fields_hidden() => Assert.All(Records, record =>
    {
        foreach (var property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            bool settable = property.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            Assert.False(settable, $"{record}.{property.Name} can be set: make it init-only.");
            Assert.False(IsMutableCollection(property.PropertyType), $"{record}.{property.Name} is a collection that can be changed: make it an IReadOnlyList.");
        }

        Assert.All(record.GetFields(BindingFlags.Public | BindingFlags.Instance), field => Assert.Fail($"{record}.{field.Name} is a public field: make it a property."));
    });

    [Fact]
    public void Classes_among_them_are_sealed() => Assert.All(Records.Where(record => record.IsClass && !record.IsAbstract), record => Assert.True(record.IsSealed, $"{record} is neither abstract nor sealed."));

    private static bool IsMutableCollection(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(List<>) || type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
            || type.GetGenericTypeDefinition() == typeof(IList<>) || type.GetGenericTypeDefinition() == typeof(IDictionary<,>) || type.GetGenericTypeDefinition() == typeof(HashSet<>));
}

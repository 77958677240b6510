using CsCheck;
using Talweg.Storage;

namespace Talweg.Tests.Storage;

public sealed class NaturalOrderTests
{
    // Few characters, so that equal prefixes, equal numbers and leading zeros are common.
    private static readonly Gen<string> Name = Gen.Char["012.a9/:"].Array[0, 8].Select(characters => new string(characters));

    private static int Compare(string x, string y) => Math.Sign(NaturalOrder.Instance.Compare(x, y));

    [Fact]
    public void Numbers_count_by_value() => Assert.Equal(
        ["0.bias", "0.weight", "2.weight", "10.weight", "conv2.weight", "conv10.weight", "layer1.9.x", "layer1.10.x"],
        new[] { "layer1.10.x", "conv10.weight", "10.weight", "2.weight", "layer1.9.x", "0.weight", "conv2.weight", "0.bias" }
            .Order(NaturalOrder.Instance));

    [Fact]
    public void Numbers_of_any_length_compare() =>
        Assert.Equal(-1, Compare("w99999999999999999999999999998", "w99999999999999999999999999999"));

    [Fact]
    public void Any_two_names_are_ordered_one_way_and_only_equal_names_are_equal() =>
        Gen.Select(Name, Name).Sample((x, y) => Compare(x, y) == -Compare(y, x) && (Compare(x, y) == 0) == (x == y));

    [Fact]
    public void Order_is_transitive() =>
        Gen.Select(Name, Name, Name).Sample((x, y, z) => !(Compare(x, y) <= 0 && Compare(y, z) <= 0) || Compare(x, z) <= 0);

    [Fact]
    public void Nothing_comes_before_all_names()
    {
        Assert.True(NaturalOrder.Instance.Compare(null, "") < 0);
        Assert.True(NaturalOrder.Instance.Compare("", null) > 0);
        Assert.Equal(0, NaturalOrder.Instance.Compare(null, null));
    }
}

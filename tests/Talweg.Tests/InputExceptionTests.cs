namespace Talweg.Tests;

public sealed class InputExceptionTests
{
    [Fact]
    public void A_mistake_is_told_as_one_of_what_was_typed()
    {
        var mistake = new InputException("--layers", "number", "'9'", "1 to 3");
        var typed = mistake.At("--set layer=9");
        Assert.Equal("--set layer=9: number: found '9', expected 1 to 3", typed.Message);
        Assert.Equal(("--set layer=9", "number"), (typed.Origin, typed.Field));
        Assert.Same(mistake, typed.InnerException);
        Assert.Equal("--other: number: found '9', expected 1 to 3", typed.At("--other").Message);
    }

    [Fact]
    public void A_message_of_other_parts_is_kept_whole() =>
        Assert.Equal("--data: the folder cannot be read", new InputException("the folder cannot be read").At("--data").Message);
}

--  Elsewhere the data word lies where C puts it.
package Layout is
   Alignment   : constant := 8;
   Data_Offset : constant := 8;
end Layout;
